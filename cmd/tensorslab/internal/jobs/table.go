package jobs

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// table is for people. The widths of its columns are those of the first rows, so that
// memory is bounded; a later cell that is wider moves the rest of its line.
type table struct {
	width   int // of the terminal, or 0
	doubt   bool
	first   [][]string
	columns []int // the widths, once they are known
}

const (
	measuredRows = 1000
	plainPrompt  = 40 // the width of prompts without a terminal
	leastPrompt  = 16
	mostPrompt   = 80
	mostFiles    = 40 // what files may take from prompts on a terminal
	promptColumn = 4
)

func newTable(width int, doubt bool) *table { return &table{width: width, doubt: doubt} }

func (t *table) heading() []string {
	if t.doubt {
		return []string{"TIME", "STATE", "KEY", "MODEL", "PROMPT", "REASON"}
	}
	return []string{"TIME", "STATE", "TASK", "MODEL", "PROMPT", "FILES"}
}

// row returns the cells of an entry.
func (t *table) row(e batch.Entry) []string {
	id, last := e.TaskID, files(e.Files)
	switch {
	case t.doubt:
		id, last = e.Key, e.Error
	case id == "":
		id = "-"
	}
	if last == "" && !t.doubt && e.State == batch.Failed {
		last = e.Error
	}
	return []string{
		e.Time.Local().Format("2006-01-02 15:04"), e.State.String(), cli.Printable(id), cli.Printable(string(e.Model)),
		cli.OneLine(e.Prompt), cli.OneLine(last),
	}
}

// files names the first of several files.
func files(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return fmt.Sprintf("%s (+%d)", names[0], len(names)-1)
}

func (t *table) add(to []byte, e batch.Entry) []byte {
	row := t.row(e)
	if t.columns != nil {
		return t.line(to, row)
	}
	if t.first == nil {
		t.first = [][]string{t.heading()}
	}
	if t.first = append(t.first, row); len(t.first) > measuredRows {
		return t.end(to)
	}
	return to
}

// end measures the first rows, and appends them.
func (t *table) end(to []byte) []byte {
	if t.first == nil {
		return to
	}
	t.columns = make([]int, len(t.first[0]))
	for _, row := range t.first {
		for i, cell := range row {
			t.columns[i] = max(t.columns[i], width(cell))
		}
	}
	t.columns[promptColumn] = min(t.columns[promptColumn], t.promptWidth())
	for _, row := range t.first {
		to = t.line(to, row)
	}
	t.first = nil
	return to
}

// promptWidth returns what the other columns leave.
func (t *table) promptWidth() int {
	if t.width == 0 {
		return plainPrompt
	}
	left := t.width - 2*(len(t.columns)-1)
	for i, w := range t.columns {
		switch i {
		case promptColumn:
		case len(t.columns) - 1:
			left -= min(w, mostFiles)
		default:
			left -= w
		}
	}
	return max(leastPrompt, min(left, mostPrompt))
}

func (t *table) line(to []byte, row []string) []byte {
	for i, cell := range row {
		if i == promptColumn {
			cell = cut(cell, t.columns[i])
		}
		to = append(to, cell...)
		if i == len(row)-1 {
			break
		}
		for n := width(cell); n < t.columns[i]+2; n++ {
			to = append(to, ' ')
		}
	}
	for len(to) > 0 && to[len(to)-1] == ' ' {
		to = to[:len(to)-1]
	}
	return append(to, '\n')
}

// width returns the number of columns that text takes on a terminal: two for a Chinese
// character, none for a combining one.
func width(text string) int {
	if isASCII(text) {
		return len(text)
	}
	return uniseg.StringWidth(text)
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > '~' })
}

// cut returns text, cut to a width.
func cut(text string, most int) string {
	if width(text) <= most {
		return text
	}
	if isASCII(text) {
		return text[:most-1] + "…"
	}
	var b strings.Builder
	for used, rest, state := 0, text, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += w; used > most-1 {
			break
		}
		b.WriteString(cluster)
	}
	return b.String() + "…"
}
