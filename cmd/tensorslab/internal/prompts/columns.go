package prompts

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// columns are the fields of a row by their names, without underscores, and what sets them
// from text.
var columns = map[string]func(r *Row, text string) error{
	"key":        func(r *Row, text string) error { r.Key = text; return nil },
	"model":      func(r *Row, text string) error { r.Model = text; return nil },
	"prompt":     func(r *Row, text string) error { r.Prompt = text; return nil },
	"resolution": func(r *Row, text string) error { r.Resolution = text; return nil },
	"imageurl":   func(r *Row, text string) error { r.ImageURL = text; return nil },
	"count":      func(r *Row, text string) (err error) { r.Count, err = number(text); return err },
	"seed":       func(r *Row, text string) (err error) { r.Seed, err = number(text); return err },
	"extendprompt": func(r *Row, text string) error {
		is, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			return errors.New(quoted(text) + "is neither true nor false")
		}
		r.ExtendPrompt = &is
		return nil
	},
	"sources": func(r *Row, text string) error {
		for name := range strings.SplitSeq(text, ";") {
			if name = strings.TrimSpace(name); name != "" {
				r.Sources = append(r.Sources, name)
			}
		}
		return nil
	},
}

// Columns are the names of the fields, as help texts have them.
var Columns = []string{"key", "prompt", "model", "resolution", "count", "seed", "extend_prompt", "sources", "image_url"}

// columnName returns the name of a field without what people write differently.
func columnName(name string) string {
	return separators.Replace(strings.ToLower(strings.TrimSpace(name)))
}

// fieldName returns the name of a column as help texts have it.
func fieldName(column string) string {
	for _, name := range Columns {
		if columnName(name) == column {
			return name
		}
	}
	return column
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

func number(text string) (*int, error) {
	n, err := strconv.Atoi(text)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return nil, errors.New(quoted(text) + "is too large a number")
	case err != nil:
		return nil, errors.New(quoted(text) + "is not a whole number")
	}
	return &n, nil
}

// quoted returns a value in quotation marks and a space, or nothing of a long one: in a
// part of a key nobody would recognize the key, and take it out.
func quoted(text string) string {
	if len(text) > 40 {
		return ""
	}
	return strconv.Quote(text) + " "
}

// otherColumns are the names that flags and other tools have for the fields.
var otherColumns = map[string]string{
	"name": "key", "id": "key", "batch": "count", "n": "count", "number": "count", "images": "count", "batchsize": "count", "text": "prompt",
	"size": "resolution", "ratio": "resolution", "source": "sources", "image": "sources", "url": "image_url",
}

// isKnown reports whether name is a field, or a name that others have for one.
func isKnown(name string) bool {
	name = columnName(name)
	return columns[name] != nil || otherColumns[name] != ""
}

// unknownColumn words the refusal of a field that would be ignored.
func unknownColumn(name string) string {
	text := strings.TrimSpace("there is no field "+cmp.Or(quoted(name), "of this long name")) + "; the fields are " + strings.Join(Columns, ", ")
	if near := cmp.Or(otherColumns[columnName(name)], cli.Nearest(name, Columns)); near != "" {
		text += "; did you mean " + near + "?"
	}
	return text
}
