package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
)

// line is a job as a line of a journal, as the documentation of package batch has it.
type line struct {
	V       int         `json:"v"`
	Time    time.Time   `json:"time"`
	Key     string      `json:"key"`
	State   batch.State `json:"state"`
	Task    string      `json:"task,omitempty"`
	Request string      `json:"request,omitempty"`
	Model   string      `json:"model,omitempty"`
	Prompt  string      `json:"prompt,omitempty"`
	Files   []string    `json:"files,omitempty"`
	Error   string      `json:"error,omitempty"`
}

// list prints the jobs in the given states, or all if there are none.
func list(ctx context.Context, s *durable.Store, w io.Writer, states []batch.State, asJSON bool) error {
	out := bufio.NewWriter(w)
	write := json.NewEncoder(out)
	write.SetEscapeHTML(false)
	for e, err := range jobs(ctx, s, states) {
		if err == nil && (len(states) == 0 || slices.Contains(states, e.State)) {
			if asJSON {
				err = write.Encode(line{1, e.Time.UTC(), e.Key, e.State, e.TaskID, e.Request, string(e.Model), e.Prompt, e.Files, e.Error})
			} else {
				_, err = fmt.Fprintf(out, "%s\t%v\t%s\t%s\t%s\t%s\n", e.Time.Local().Format(time.DateTime), e.State, printable(e.Key),
					cmp.Or(printable(e.TaskID), "-"), printable(e.Prompt), printable(e.Error))
			}
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// jobs reads no more than it has to for the commonest question.
func jobs(ctx context.Context, s *durable.Store, states []batch.State) iter.Seq2[batch.Entry, error] {
	if slices.Equal(states, []batch.State{batch.InDoubt}) {
		return s.InDoubt(ctx)
	}
	return s.All(ctx)
}

func count(ctx context.Context, s *durable.Store, out io.Writer) error {
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	for state := batch.Planned; state <= batch.Deleted; state++ {
		if _, err := fmt.Fprintf(out, "%v\t%d\n", state, counts[state]); err != nil {
			return err
		}
	}
	return nil
}

func strays(ctx context.Context, s *durable.Store, out io.Writer) error {
	found, err := s.Strays(ctx)
	if err != nil {
		return err
	}
	for _, stray := range found {
		if _, err := fmt.Fprintf(out, "%s\t%s\n", printable(stray.TaskID), printable(stray.Key)); err != nil {
			return err
		}
	}
	return nil
}

func decided(out io.Writer, key, state string, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %s\n", printable(key), state)
	return err
}

// printable returns text, quoted if it holds a character that could control a terminal.
func printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return text
	}
	return strconv.Quote(text)
}
