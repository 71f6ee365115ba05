package cli

import (
	"bytes"
	"encoding/json"
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
	out    io.Writer
	asJSON bool

	mu      sync.Mutex
	display Display
	secret  *Secret
	err     error
}

// NewReporter returns a reporter of text, or of JSON objects, one per line.
func NewReporter(out io.Writer, asJSON bool) *Reporter {
	return &Reporter{out: out, asJSON: asJSON}
}

// Show makes the reporter clear d before each write.
func (r *Reporter) Show(d Display) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.display = d
}

// Hide makes the reporter take a secret out of what it writes.
func (r *Reporter) Hide(s *Secret) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = s
}

// Report writes a record. Err returns the error.
func (r *Reporter) Report(record Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return
	}
	if r.asJSON {
		record.Objects(func(object any) bool {
			r.err = r.writeObject(object)
			return r.err == nil
		})
		return
	}
	if text := record.Text(); text != "" {
		r.err = r.write(text + "\n")
	}
}

func (r *Reporter) writeObject(object any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return err
	}
	return r.write(line.String())
}

func (r *Reporter) write(text string) error {
	return r.aside(func() error {
		_, err := io.WriteString(r.out, r.secret.Text(text))
		return err
	})
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
