package jobs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/batch"
)

// drawn returns a table of entries.
func drawn(width int, doubt bool, entries ...batch.Entry) string {
	t := newTable(width, doubt)
	var text []byte
	for _, e := range entries {
		text = t.add(text, e)
	}
	return string(t.end(text))
}

func at(day int, e batch.Entry) batch.Entry {
	e.Time = time.Date(2026, 1, day, 3, 4, 5, 0, time.Local)
	return e
}

func fixed() []batch.Entry {
	entries := some()
	for i, e := range entries {
		entries[i] = at(i+1, e)
	}
	return entries
}

func TestTable(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width int
		doubt bool
		want  string
	}{
		"no terminal": {0, false, `
TIME              STATE       TASK   MODEL        PROMPT                                    FILES
2026-01-01 03:04  saved       t-old  seedreamv45  an old fox                                out/old-1.png (+1)
2026-01-02 03:04  failed      t-bad  seedreamv45  a fox                                     too many foxes
2026-01-03 03:04  in-doubt    -      zimage       a fox
2026-01-04 03:04  submitting  -      zimage       two foxes
2026-01-05 03:04  submitted   t-new  zimage       狐狸在雪地里 and a very long story abou…
`},
		"a narrow one": {80, false, `
TIME              STATE       TASK   MODEL        PROMPT            FILES
2026-01-01 03:04  saved       t-old  seedreamv45  an old fox        out/old-1.png (+1)
2026-01-02 03:04  failed      t-bad  seedreamv45  a fox             too many foxes
2026-01-03 03:04  in-doubt    -      zimage       a fox
2026-01-04 03:04  submitting  -      zimage       two foxes
2026-01-05 03:04  submitted   t-new  zimage       狐狸在雪地里 an…
`},
		"doubt": {100, true, `
TIME              STATE       KEY    MODEL        PROMPT                              REASON
2026-01-01 03:04  saved       old    seedreamv45  an old fox
2026-01-02 03:04  failed      bad    seedreamv45  a fox                               too many foxes
2026-01-03 03:04  in-doubt    doubt  zimage       a fox                               no response
2026-01-04 03:04  submitting  crash  zimage       two foxes
2026-01-05 03:04  submitted   new    zimage       狐狸在雪地里 and a very long stor…
`},
	} {
		if d := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), drawn(tt.width, tt.doubt, fixed()...)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// Text of the service and of a person controls no terminal, and stays in its line.
func TestTableIsPrintable(t *testing.T) {
	t.Parallel()
	got := drawn(0, false, at(1, batch.Entry{State: batch.Saved, TaskID: "a\x1b[2J", Model: "m\n", Prompt: "a\nfox\x07", Files: []string{"a\tb"}}))
	if strings.ContainsAny(got, "\x1b\x07\t") || strings.Count(got, "\n") != 2 {
		t.Errorf("%q", got)
	}
}

// Of many rows the first ones decide about the widths, and no row is lost.
func TestTableOfManyRows(t *testing.T) {
	t.Parallel()
	tb := newTable(0, false)
	var rows int
	for i := range 3 * measuredRows {
		id := fmt.Sprintf("t-%04d", i)
		if i == 2*measuredRows {
			id += "-and-more"
		}
		text := string(tb.add(nil, at(1, batch.Entry{State: batch.Saved, TaskID: id})))
		if i < measuredRows-1 && text != "" || i >= measuredRows && strings.Count(text, "\n") != 1 {
			t.Fatalf("row %d: %q", i, text)
		}
		if i >= measuredRows && !strings.Contains(text, id) {
			t.Errorf("row %d: %q", i, text)
		}
		rows += strings.Count(text, "\n")
	}
	if rest := tb.end(nil); len(rest) > 0 || rows != 3*measuredRows+1 {
		t.Errorf("%d rows, and %q", rows, rest)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a fox": "a fox", "a foxes": "a fox…", "狐狸": "狐狸", "狐狸狐": "狐狸狐", "狐狸狐狸": "狐狸…", "é́é́é́é́é́é́é́": "é́é́é́é́é́…", "👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧": "👩‍👩‍👧‍👧👩‍👩‍👧‍👧…", "": "",
	} {
		if got := cut(text, 6); got != want || width(got) > 6 {
			t.Errorf("%q: %q", text, got)
		}
	}
}
