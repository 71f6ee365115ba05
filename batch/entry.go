package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Journal is the record of what was paid. [FileJournal] keeps it in a file; a
// database can keep it as well.
//
// A journal is used by one [Run] at a time, which calls it from several
// goroutines. Whoever implements one must make sure of that across processes,
// and that Put is durable when it returns: no generation is sent before the
// journal has it.
type Journal interface {
	// Get returns the latest entry of a job; ok is false if there is none.
	Get(ctx context.Context, key string) (e Entry, ok bool, err error)
	// Put records a change of a job durably, or returns an error and leaves the
	// journal as it was. A zero Time stands for now.
	Put(ctx context.Context, e Entry) error
	// Unfinished yields the latest entry of each job that is [Submitting],
	// [Submitted] or [Completed], the oldest first. Entries may be put meanwhile, of
	// these jobs too: a job is yielded once, with its entry of before or after.
	Unfinished(ctx context.Context) iter.Seq2[Entry, error]
	// All yields the latest entry of each job, the oldest first. Entries may be put
	// meanwhile, of these jobs too: a job is yielded once, with its entry of before or
	// after. Whether a task belongs to another job already is looked up so.
	All(ctx context.Context) iter.Seq2[Entry, error]
}

// Entry is what a journal knows of a job after its latest change.
type Entry struct {
	Time    time.Time     // of the change
	Key     string        // of the job
	State   State         // since Time
	TaskID  string        // once it is known
	Request string        // a digest of the request, by which another one under the same key is noticed
	Model   wrapper.Model // that was asked for
	Prompt  string        // its first 200 characters
	Files   []string      // where the images are saved
	Error   string        // the reason of the state, if it is one that needs a reason
	Service string        // the base URL of the service that has the task, if it is recorded; see [FileJournal.ForService]
}

// Limits of what an entry may hold, so that lines stay readable and bounded.
const (
	maxKey    = 512
	maxTaskID = 1024
	maxPrompt = 200
	maxError  = 1024
)

// ErrInvalidEntry: an entry that can't be put, such as one without a key.
var ErrInvalidEntry = errors.New("the entry is invalid")

// check refuses what could not be read back.
func (e *Entry) check() error {
	switch {
	case checkKey(e.Key) != nil:
		return fmt.Errorf("batch: %w: %w", ErrInvalidEntry, checkKey(e.Key))
	case int(e.State) >= len(stateNames):
		return fmt.Errorf("batch: %w: there is no state %d", ErrInvalidEntry, e.State)
	case e.needsTask() && e.TaskID == "":
		return fmt.Errorf("batch: %w: it is %v and names no task", ErrInvalidEntry, e.State)
	case !utf8.ValidString(e.TaskID) || len(e.TaskID) > maxTaskID:
		return fmt.Errorf("batch: %w: its task id is not UTF-8, or longer than %d bytes", ErrInvalidEntry, maxTaskID)
	}
	return nil
}

func (e *Entry) needsTask() bool {
	return e.State == Submitted || e.State == Completed || e.State == Saved || e.State == Deleted
}

func checkKey(key string) error {
	switch {
	case key == "":
		return errors.New("the key is empty")
	case !utf8.ValidString(key):
		return errors.New("the key is not valid UTF-8")
	case len(key) > maxKey:
		return fmt.Errorf("the key is longer than %d bytes", maxKey)
	}
	return nil
}

// oneLine returns text on one line of at most limit characters.
func oneLine(text string, limit int) string {
	if len(text) <= limit && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return text
	}
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text[:min(len(text), 4*limit)])
	text = strings.ToValidUTF8(text, "")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}
