package jobs

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/selection"
)

// layout turns entries into text.
type layout interface {
	// add appends the text of an entry to to, now or with a later call.
	add(to []byte, e batch.Entry) []byte
	// end appends the text of entries that were not written yet.
	end(to []byte) []byte
}

// listing writes the entries of a journal, in memory that does not depend on their number.
type listing struct {
	out      *bufio.Writer
	secret   *cli.Secret
	layout   layout
	text     []byte // of the last entries, which were not written yet
	seen     int    // number of entries in the journal
	listed   int
	doubtful int // number of those listed that are in doubt, or may be

	submitting int       // number of those doubtful that a crash has left, or that are under way
	underWay   int       // number of those submitting that may be under way
	young      time.Time // what was submitted since then may be under way
}

// doubt counts what is in doubt in words.
func (l *listing) doubt() string {
	switch text := cli.Count(l.doubtful, "generation"); l.underWay {
	case 0:
		return text + " in doubt"
	case l.doubtful:
		return text + " under way, or in doubt"
	default:
		return fmt.Sprintf("%s in doubt, of which %d may be under way", text, l.underWay)
	}
}

// all writes the entries that are chosen.
func (l *listing) all(ctx context.Context, j batch.Journal, chosen selection.Selection) error {
	for e, err := range j.All(ctx) {
		if err != nil {
			return failed(ctx, "cannot read the journal of tasks", err)
		}
		l.seen++
		if !chosen.Matches(e) {
			continue
		}
		l.listed++
		if slices.Contains(inDoubt, e.State) {
			l.doubtful++
		}
		if e.State == batch.Submitting {
			l.submitting++
			if e.Time.After(l.young) {
				l.underWay++
			}
		}
		if err := l.write(l.layout.add(l.text[:0], e)); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) end() error {
	if err := l.write(l.layout.end(l.text[:0])); err != nil {
		return err
	}
	return l.out.Flush()
}

// write writes whole lines, without the key: a prompt may hold it by mistake.
func (l *listing) write(text []byte) error {
	l.text = text
	if len(text) == 0 {
		return nil
	}
	_, err := l.out.WriteString(l.secret.Text(string(text)))
	return err
}

// ids are the bare ids of tasks.
type ids struct{}

func (ids) add(to []byte, e batch.Entry) []byte {
	if e.TaskID == "" {
		return to
	}
	return append(append(to, cli.Printable(e.TaskID)...), '\n')
}

func (ids) end(to []byte) []byte { return to }

// keys are the bare keys of jobs.
type keys struct{}

func (keys) add(to []byte, e batch.Entry) []byte {
	return append(append(to, cli.Printable(e.Key)...), '\n')
}

func (keys) end(to []byte) []byte { return to }

// objects are lines of JSON.
type objects struct{}

// object is an entry in JSON. The help of images list documents the fields.
type object struct {
	Type   string   `json:"type"`
	Key    string   `json:"key"`
	State  string   `json:"state"`
	Time   string   `json:"time"`
	ID     string   `json:"id,omitempty"`
	Model  string   `json:"model,omitempty"`
	Prompt string   `json:"prompt,omitempty"`
	Files  []string `json:"files,omitempty"`
	Error  string   `json:"error,omitempty"`
}

func (objects) add(to []byte, e batch.Entry) []byte {
	line := bytes.NewBuffer(to)
	encoder := json.NewEncoder(line)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(object{ // strings alone cannot fail
		"job", e.Key, e.State.String(), e.Time.UTC().Format(time.RFC3339Nano), e.TaskID, string(e.Model), e.Prompt, e.Files, e.Error,
	})
	return line.Bytes()
}

func (objects) end(to []byte) []byte { return to }
