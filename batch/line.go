package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// version is that of the lines of a journal.
const version = 1

// timeFormat has a fixed width, in UTC.
const timeFormat = "2006-01-02T15:04:05.000Z"

// maxLine bounds a line, so that a file that is no journal does not fill the memory.
const maxLine = 1 << 20

// encode returns the line of an entry, with its line break.
func encode(e Entry) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false) // for those who read it
	err := w.Encode(line{version, e.Time.UTC().Format(timeFormat), e.Key, e.State, e.TaskID, e.Request, string(e.Model),
		oneLine(e.Prompt, maxPrompt), e.Files, oneLine(e.Error, maxError), e.Service})
	if err == nil && b.Len() > maxLine {
		err = fmt.Errorf("batch: %w: it is longer than %d bytes", ErrInvalidEntry, maxLine)
	}
	return b.Bytes(), err
}

// line is an entry as a line of JSON, with its fields in the order of the file.
type line struct {
	V       int      `json:"v"`
	Time    string   `json:"time"`
	Key     string   `json:"key"`
	State   State    `json:"state"`
	Task    string   `json:"task,omitempty"`
	Request string   `json:"request,omitempty"`
	Model   string   `json:"model,omitempty"`
	Prompt  string   `json:"prompt,omitempty"`
	Files   []string `json:"files,omitempty"`
	Error   string   `json:"error,omitempty"`
	Service string   `json:"service,omitempty"`
}

// decode reads a line, without its line break, whoever wrote it.
func decode(data []byte) (Entry, error) {
	if v, ok := scan(data); ok {
		if at, err := time.Parse(time.RFC3339Nano, string(v.time)); err == nil {
			return v.entry(data, at), nil
		}
	}
	var head struct {
		V *int `json:"v"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Entry{}, errors.New("is not a JSON object")
	}
	switch {
	case head.V == nil:
		return Entry{}, errors.New("has no version (v)")
	case *head.V != version:
		return Entry{}, fmt.Errorf("is of version %d, and this program knows version %d: use the program that wrote it", *head.V, version)
	}
	return decodeLine(data)
}

// decodeLine is decode for a line of this version that scan does not know.
func decodeLine(data []byte) (Entry, error) {
	if name := wrongField(data); name != "" {
		return Entry{}, fmt.Errorf("is no entry: it has the field %.80q twice, or in other letters", name)
	}
	var l line
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // a misspelt "task" would lose a task
	if err := d.Decode(&l); err != nil {
		return Entry{}, fmt.Errorf("is no entry: %s", strings.TrimPrefix(err.Error(), "batch: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Entry{}, errors.New("has more than one JSON value")
	}
	at, err := time.Parse(time.RFC3339, l.Time)
	if err != nil {
		return Entry{}, errors.New("is no entry: it has no time in the form of RFC 3339, such as 2026-01-02T03:04:05Z")
	}
	e := Entry{Time: at, Key: l.Key, State: l.State, TaskID: l.Task, Request: l.Request, Model: wrapper.Model(l.Model),
		Prompt: l.Prompt, Files: l.Files, Error: l.Error, Service: l.Service}
	if err := e.check(); err != nil {
		return e, fmt.Errorf("is no entry: %s", strings.TrimPrefix(err.Error(), "batch: "))
	}
	return e, nil
}

// wrongField returns a field of a line that is there twice, or whose name differs from one of an
// entry in its letters only: encoding/json takes the last of them.
func wrongField(data []byte) string {
	d := json.NewDecoder(bytes.NewReader(data))
	_, err := d.Token()
	for seen := map[string]bool{}; err == nil && d.More(); {
		var name json.Token
		if name, err = d.Token(); err != nil {
			break
		}
		text, _ := name.(string)
		if seen[text] || text != strings.ToLower(text) || strings.ContainsFunc(text, isNotASCII) {
			return text
		}
		seen[text] = true
		err = d.Decode(new(json.RawMessage))
	}
	return ""
}

func isNotASCII(r rune) bool { return r >= utf8.RuneSelf }
