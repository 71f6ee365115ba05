package batch

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrTemplate: a template of file names that can't be used.
var ErrTemplate = errors.New("the template of file names is not usable")

// template is the name of a file with places to fill in: text and fields by turns.
type template struct {
	texts  []string // one more than fields
	fields []string
}

var templateFields = []string{"key", "task", "model", "n", "ext"}

func parseTemplate(text string) (template, error) {
	var t template
	for rest := text; ; {
		before, after, found := strings.Cut(rest, "{")
		t.texts = append(t.texts, before)
		if !found {
			break
		}
		field, after, found := strings.Cut(after, "}")
		switch {
		case !found:
			return t, fmt.Errorf("batch: %w: %q has a { without a }", ErrTemplate, text)
		case !slices.Contains(templateFields, field):
			return t, fmt.Errorf("batch: %w: %q: there is no {%.20s}, but {%s}", ErrTemplate, text, field, strings.Join(templateFields, "}, {"))
		}
		t.fields = append(t.fields, field)
		rest = after
	}
	literal := filepath.FromSlash(strings.Join(t.texts, "x"))
	switch {
	case !t.has("key") && !t.has("task"):
		return t, fmt.Errorf("batch: %w: %q has neither {key} nor {task}, so that images of two jobs would get one name", ErrTemplate, text)
	case strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) || strings.Contains(text, "\\"):
		return t, fmt.Errorf("batch: %w: %q has a backslash, a control character or bytes that are no text", ErrTemplate, text)
	case strings.Contains(text[:strings.LastIndex(text, "/")+1], "{ext}"):
		return t, fmt.Errorf("batch: %w: %q has {ext} in the name of a directory", ErrTemplate, text)
	case t.joinsNumber():
		return t, fmt.Errorf("batch: %w: %q has {n} right beside another field, so that two images could get one name: put a hyphen between them", ErrTemplate, text)
	case !filepath.IsLocal(literal) || strings.HasSuffix(text, "/"):
		return t, fmt.Errorf("batch: %w: %q leads out of the directory, or names no file", ErrTemplate, text)
	}
	return t, nil
}

// joinsNumber reports whether nothing but digits is between {n} and a field with a text of somebody
// else, so that nobody could tell where the number of an image begins or ends.
func (t *template) joinsNumber() bool {
	isDigit := func(c rune) bool { return c >= '0' && c <= '9' }
	for i := 1; i < len(t.fields); i++ {
		before, after := t.fields[i-1], t.fields[i]
		isJoined := strings.TrimFunc(t.texts[i], isDigit) == "" && before != "ext" && after != "ext"
		if isJoined && before != after && (before == "n" || after == "n") {
			return true
		}
	}
	return false
}

// hasFolders reports whether images go to directories in the directory.
func (t *template) hasFolders() bool {
	return slices.ContainsFunc(t.texts, func(text string) bool { return strings.Contains(text, "/") })
}

func (t *template) has(field string) bool { return slices.Contains(t.fields, field) }

// name fills in a template. Each field is made safe for itself.
func (t *template) name(r Result, image int, ext string) string {
	var b strings.Builder
	for i, text := range t.texts {
		b.WriteString(text)
		if i == len(t.fields) {
			break
		}
		switch t.fields[i] {
		case "key":
			b.WriteString(safeName(r.Key))
		case "task":
			b.WriteString(safeName(r.TaskID))
		case "model":
			b.WriteString(safeName(string(r.Model)))
		case "n":
			b.WriteString(strconv.Itoa(image))
		case "ext":
			b.WriteString(ext)
		}
	}
	return b.String()
}

// maxPart is how many bytes file systems allow for a name.
const maxPart = 255

// tooLong returns a part of the path of an image that can't be the name of a file or of a
// directory, or an empty string. Of the id of a task that does not exist yet it knows
// only how long such ids are usually.
func (t *template) tooLong(r Result, images int) string {
	if r.TaskID == "" {
		r.TaskID = strings.Repeat("0", 40)
	}
	for part := range strings.SplitSeq(t.name(r, max(1, images), ".webp"), "/") {
		if len(part) > maxPart {
			return part
		}
	}
	return ""
}

// maxName leaves room in the 255 bytes that file systems allow.
const maxName = 150

// safeName returns text as a part of a file name. Letters, digits, "-", "_" and dots
// and spaces inside stay; the rest is written as in a URL, so that two texts never
// get one name. What is too long ends in a digest.
func safeName(text string) string {
	var b strings.Builder
	for i, r := range text {
		width := utf8.RuneLen(r)
		inside := i > 0 && i+width < len(text)
		switch {
		case r == utf8.RuneError:
			b.WriteString("%3F")
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && i > 0, r == '-', r == '_', inside && (r == '.' || r == ' '):
			b.WriteRune(r)
		default:
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
	}
	name := b.String()
	if len(name) > maxName {
		sum := sha256.Sum256([]byte(text))
		name = fmt.Sprintf("%s~%x", strings.ToValidUTF8(name[:maxName-40], ""), sum[:16])
	}
	if isReserved(name) {
		name = "%" + strconv.FormatInt(int64(name[0]), 16) + name[1:]
	}
	return name
}

// isReserved reports whether Windows has a device of this name.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && unicode.IsDigit(rune(stem[3]))
}
