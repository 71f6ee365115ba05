package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// Record is something that a command reports. Its two forms are for people and for
// programs.
type Record interface {
	// Text returns the record in lines, without the last line feed. If it is empty, a
	// text report leaves the record out.
	Text() string
	// Objects yields the record as values for encoding/json, one line for each. If it
	// yields none, a JSON report leaves the record out.
	Objects(yield func(object any) bool)
}

// Display shows progress on a terminal.
type Display interface {
	// Aside clears the display and calls write, which may write to the same terminal.
	Aside(write func() error) error
}

// Reporter writes records to standard output, each with one write. After a write has
// failed it writes nothing more, because a report with a gap would be misleading. It is
// safe for concurrent use.
type Reporter struct {
	out     io.Writer
	encoder *json.Encoder // nil for text

	mu      sync.Mutex
	display Display
	err     error
}

// NewReporter returns a reporter of text, or of JSON objects, one per line.
func NewReporter(out io.Writer, asJSON bool) *Reporter {
	r := &Reporter{out: out}
	if asJSON {
		r.encoder = json.NewEncoder(out)
		r.encoder.SetEscapeHTML(false)
	}
	return r
}

// Show makes the reporter clear d before each write.
func (r *Reporter) Show(d Display) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.display = d
}

// Report writes a record. Err returns the error.
func (r *Reporter) Report(record Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return
	}
	if r.encoder != nil {
		record.Objects(func(object any) bool {
			r.err = r.aside(func() error { return r.encoder.Encode(object) })
			return r.err == nil
		})
		return
	}
	if text := record.Text(); text != "" {
		r.err = r.aside(func() error {
			_, err := fmt.Fprintln(r.out, text)
			return err
		})
	}
}

func (r *Reporter) aside(write func() error) error {
	if r.display == nil {
		return write()
	}
	return r.display.Aside(write)
}

// Err returns the error of the first write that failed, or nil.
func (r *Reporter) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Note is a record for people only.
type Note string

// Text returns the note.
func (n Note) Text() string { return string(n) }

// Objects yields nothing.
func (n Note) Objects(func(any) bool) {}
