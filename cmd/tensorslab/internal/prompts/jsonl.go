package prompts

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// isObject reports whether a line is a JSON object.
func isObject(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.HasPrefix(line, []byte("{")) && json.Valid(line)
}

func readJSONL(in *bufio.Reader, yield func(Row, error) bool) {
	lines(in, func(number int, line []byte, err error) bool {
		row := Row{Line: number}
		if err == nil {
			if reason := row.decode(line); reason != "" {
				err = &LineError{number, reason}
			}
		}
		return yield(row, err)
	})
}

// decode reads the object in a line, or returns why it cannot be used. A field that is
// repeated, or that does not exist, would be lost silently otherwise.
func (r *Row) decode(line []byte) (reason string) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return "it is not a JSON object; write one object per line"
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return notJSON(err)
		}
		name, _ := token.(string) // the decoder allows nothing else here
		column := columnName(name)
		set, ok := columns[column]
		switch {
		case !ok:
			return unknownColumn(name)
		case seen[column]:
			return fmt.Sprintf("the field %q is there twice", name)
		}
		seen[column] = true
		var value any
		if err := d.Decode(&value); err != nil {
			return notJSON(err)
		}
		if err := r.set(column, value, set); err != nil {
			return name + " " + err.Error()
		}
	}
	if _, err := d.Token(); err != nil {
		return notJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "there is something after the JSON object; write one object per line"
	}
	return ""
}

func notJSON(err error) string {
	// Which of these it is differs between versions of encoding/json.
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err.Error() == "unexpected end of JSON input" {
		return "it ends in the middle of a JSON object; write one object per line"
	}
	return "it is not JSON: " + err.Error()
}

// set sets a field from a value of JSON, whose type has to be that of the field. null
// leaves the field out.
func (r *Row) set(column string, value any, set func(*Row, string) error) error {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		if column != "sources" {
			return errors.New("is an array")
		}
		for _, name := range v {
			text, ok := name.(string)
			if !ok || text == "" {
				return errors.New("is not an array of names of files")
			}
			r.Sources = append(r.Sources, text)
		}
		return nil
	case json.Number:
		if column == "count" || column == "seed" {
			return set(r, v.String())
		}
	case bool:
		if column == "extendprompt" {
			r.ExtendPrompt = &v
			return nil
		}
	case string:
		switch column {
		case "sources":
			r.Sources = []string{v}
			return nil
		case "key", "model", "prompt", "resolution", "imageurl":
			return set(r, v)
		}
	}
	return errors.New("has a value of another type")
}
