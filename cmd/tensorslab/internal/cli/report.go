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

// Identified is a record that --quiet prints as the id of a task. An empty id leaves it
// out.
type Identified interface{ BareID() string }

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
	text   io.Writer // of what is not an id; nil unless only ids go to out

	mu      sync.Mutex
	display Display
	secret  *Secret
	err     error
}

// NewReporter returns a reporter of text, or of JSON objects, one per line.
func NewReporter(out io.Writer, asJSON bool) *Reporter {
	return &Reporter{out: out, asJSON: asJSON}
}

// OnlyIDs makes the reporter write the ids of records that are Identified to its output,
// and the text of all others to stderr, so that a pipe gets nothing but ids.
func (r *Reporter) OnlyIDs(stderr io.Writer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = stderr
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
	if r.text != nil {
		r.reportID(record)
	} else if text := record.Text(); text != "" {
		r.err = r.write(r.out, text+"\n")
	}
}

// reportID writes an id or, elsewhere, the text. If standard error fails, no id is lost.
func (r *Reporter) reportID(record Record) {
	identified, ok := record.(Identified)
	if !ok {
		if text := record.Text(); text != "" {
			_ = r.write(r.text, text+"\n")
		}
	} else if id := identified.BareID(); id != "" {
		r.err = r.write(r.out, id+"\n")
	}
}

func (r *Reporter) writeObject(object any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return err
	}
	return r.write(r.out, line.String())
}

func (r *Reporter) write(out io.Writer, text string) error {
	return r.aside(func() error {
		_, err := io.WriteString(out, r.secret.Text(text))
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
