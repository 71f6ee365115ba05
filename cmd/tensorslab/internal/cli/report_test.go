package cli

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

// pair is a record with two objects.
type pair struct{ a, b string }

func (p pair) Text() string { return strings.Trim(p.a+" "+p.b, " ") }

func (p pair) Objects(yield func(any) bool) {
	_ = yield(map[string]string{"v": p.a}) && yield(map[string]string{"v": p.b})
}

func TestReporter(t *testing.T) {
	t.Parallel()
	for want, asJSON := range map[string]bool{
		"Hello.\na <b>\n": false,
		`{"v":"a"}` + "\n" + `{"v":"<b>"}` + "\n" + `{"v":""}` + "\n" + `{"v":""}` + "\n": true,
	} {
		var out strings.Builder
		r := NewReporter(&out, asJSON)
		r.Report(Note("Hello."))
		r.Report(pair{"a", "<b>"})
		r.Report(pair{}) // which has no text
		wantText(t, "output", out.String(), want)
		if err := r.Err(); err != nil {
			t.Error(err)
		}
	}
}

// failsAt is a writer that fails from the nth write on.
type failsAt struct {
	n   int
	out []string
	err error
}

func (w *failsAt) Write(p []byte) (int, error) {
	if w.n--; w.n <= 0 {
		return 0, w.err
	}
	w.out = append(w.out, string(p))
	return len(p), nil
}

// After a write that failed nothing is written, not even the rest of the same record.
func TestReporterStopsAtAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("no space left")
	for _, asJSON := range []bool{false, true} {
		w := &failsAt{n: 2, err: broken}
		r := NewReporter(w, asJSON)
		r.Report(pair{"a", "b"})
		w.n = min(w.n, 1) // the text had one write, the JSON two
		r.Report(pair{"c", "d"})
		w.n = 100
		r.Report(pair{"e", "f"})
		if !errors.Is(r.Err(), broken) || len(w.out) != 1 {
			t.Errorf("JSON %t: error %v, wrote %q", asJSON, r.Err(), w.out)
		}
	}
}

// recorder is a display that knows when it is cleared.
type recorder struct{ events []string }

func (d *recorder) Aside(write func() error) error {
	d.events = append(d.events, "clear")
	return write()
}

// The display is cleared for what is written, and only for that.
func TestReporterClearsTheDisplay(t *testing.T) {
	t.Parallel()
	d := &recorder{}
	r := NewReporter(failingWriter{nil}, false)
	r.Show(d)
	r.Report(pair{})
	r.Report(Note("one"))
	r.Report(pair{"two", ""})
	if !slices.Equal(d.events, []string{"clear", "clear"}) {
		t.Errorf("events %q", d.events)
	}
}

func TestReporterConcurrently(t *testing.T) {
	t.Parallel()
	var out strings.Builder // which the race detector watches
	r := NewReporter(&out, true)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { r.Report(pair{"a", "b"}) })
	}
	all.Wait()
	wantText(t, "output", out.String(), strings.Repeat(`{"v":"a"}`+"\n"+`{"v":"b"}`+"\n", 20))
}

// named is a pair with an id.
type named struct{ pair }

func (n named) BareID() string { return n.a }

// Standard output gets ids and nothing else, also if standard error is closed.
func TestReporterOfIDs(t *testing.T) {
	t.Parallel()
	var out, errOut strings.Builder
	r := NewReporter(&out, false)
	r.OnlyIDs(&errOut)
	for _, record := range []Record{Note("Hello."), named{pair{"id-1", "text"}}, named{}, pair{"a", "b"}, Note("")} {
		r.Report(record)
	}
	wantText(t, "ids", out.String(), "id-1\n")
	wantText(t, "the rest", errOut.String(), "Hello.\na b\n")
	out.Reset()
	r.OnlyIDs(failingWriter{errors.New("closed")})
	r.Report(Note("lost"))
	r.Report(named{pair{"id-2", ""}})
	wantText(t, "ids", out.String(), "id-2\n")
	if err := r.Err(); err != nil {
		t.Error(err)
	}
}
