package changes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

type object = map[string]any

// difference is a place where two documents differ. A value that is missing is nil.
type difference struct {
	at       []string // keys from the document's root
	old, now any
	parent   object // of the newer document, or of the older one where the newer has none
}

// variable is a parameter in a path.
var variable = regexp.MustCompile(`\{[^{}]*\}`)

// renamedPath returns the path that has the place of one that is gone: it differs in
// the names of its parameters alone, which are never sent.
func (d difference) renamedPath() string {
	if len(d.at) != 2 || d.at[0] != "paths" || d.now != nil {
		return ""
	}
	shape := variable.ReplaceAllString(d.at[1], "{}")
	for path := range d.parent {
		if path != d.at[1] && variable.ReplaceAllString(path, "{}") == shape {
			return path
		}
	}
	return ""
}

// texts are keys that no program sees. Keys that begin with x- are not seen either:
// generation drops them.
var texts = []string{"description", "summary", "title", "example", "examples", "externalDocs", "tags", "info"}

// nameMaps are keys whose values map names of the author's choice, so that what is in
// them is not known by its key.
var nameMaps = []string{
	"paths", "webhooks", "properties", "patternProperties", "dependentSchemas", "$defs", "schemas", "responses", "parameters",
	"requestBodies", "headers", "securitySchemes", "callbacks", "links", "content", "encoding", "variables", "mapping", "scopes",
}

// sets are keys of lists whose order means nothing.
var sets = []string{"required", "enum", "type", "oneOf", "anyOf", "allOf", "security", "parameters"}

// differences lists where two documents differ in what a program can see, in the
// order of their pointers.
func differences(old, now []byte) ([]difference, error) {
	before, err := decode(old)
	if err != nil {
		return nil, fmt.Errorf("the older contract: %w", err)
	}
	after, err := decode(now)
	if err != nil {
		return nil, fmt.Errorf("the newer contract: %w", err)
	}
	var w walker
	w.object(nil, before, after, false)
	return w.found, nil
}

func decode(document []byte) (doc object, err error) {
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	err = dec.Decode(&doc)
	return doc, err
}

type walker struct{ found []difference }

// object compares two objects. names says that their keys are names.
func (w *walker) object(at []string, old, now object, names bool) {
	for _, key := range slices.Sorted(maps.Keys(union(old, now))) {
		if !names && (slices.Contains(texts, key) || strings.HasPrefix(key, "x-")) {
			continue
		}
		parent := now
		if parent == nil {
			parent = old
		}
		w.value(append(slices.Clone(at), key), old[key], now[key], parent, !names && slices.Contains(nameMaps, key))
	}
}

func union(a, b object) object {
	all := maps.Clone(a)
	if all == nil {
		all = object{}
	}
	maps.Copy(all, b)
	return all
}

func (w *walker) value(at []string, old, now any, parent object, names bool) {
	if a, ok := old.(object); ok {
		if b, ok := now.(object); ok {
			w.object(at, a, b, names)
			return
		}
	}
	key := at[len(at)-1]
	a, aIsList := old.([]any)
	b, bIsList := now.([]any)
	switch {
	case aIsList && bIsList && key == "parameters":
		w.object(at, byName(a), byName(b), true)
	case aIsList && bIsList && len(a) == len(b) && !isSameSet(key, a, b) && !areScalars(a):
		for i := range a {
			w.value(append(slices.Clone(at), strconv.Itoa(i)), a[i], b[i], parent, false)
		}
	case aIsList && bIsList && isSameSet(key, a, b), canonical(old) == canonical(now):
	default:
		w.found = append(w.found, difference{at, old, now, parent})
	}
}

// byName keys parameters by what identifies them.
func byName(list []any) object {
	found := object{}
	for _, item := range list {
		parameter, _ := item.(object)
		name := fmt.Sprint(parameter["in"], " ", parameter["name"])
		if parameter["in"] == "header" {
			name = strings.ToLower(name) // as in HTTP
		}
		if ref, ok := parameter["$ref"].(string); ok {
			name = ref
		}
		found[name] = item
	}
	return found
}

func areScalars(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		_, isObject := v.(object)
		return isObject
	})
}

func isSameSet(key string, a, b []any) bool {
	if !slices.Contains(sets, key) {
		return canonical(a) == canonical(b)
	}
	return slices.Equal(sortedTexts(a), sortedTexts(b))
}

func sortedTexts(list []any) (found []string) {
	for _, v := range list {
		found = append(found, canonical(v))
	}
	slices.Sort(found)
	return found
}

// canonical is a value without what no program sees, as JSON with sorted keys.
func canonical(value any) string {
	data, err := json.Marshal(seen(value, false))
	if err != nil {
		return err.Error() // of no value that was JSON
	}
	return string(data)
}

func seen(value any, names bool) any {
	switch value := value.(type) {
	case object:
		kept := object{}
		for key, v := range value {
			if names || !slices.Contains(texts, key) && !strings.HasPrefix(key, "x-") {
				kept[key] = seen(v, !names && slices.Contains(nameMaps, key))
			}
		}
		return kept
	case []any:
		kept := make([]any, len(value))
		for i, v := range value {
			kept[i] = seen(v, false)
		}
		return kept
	}
	return value
}

// pointer is where the difference is, as a JSON Pointer.
func (d difference) pointer() string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var b strings.Builder
	for _, key := range d.at {
		b.WriteString("/" + escape.Replace(key))
	}
	return b.String()
}

// maxShown is how many bytes of a value are shown.
const maxShown = 60

// String says what is different, on one line.
func (d difference) String() string {
	switch renamed := d.renamedPath(); {
	case renamed != "":
		return fmt.Sprintf("`%s` has other names for its parameters: %s", d.pointer(), renamed)
	case d.old == nil:
		return fmt.Sprintf("`%s` was added: %s", d.pointer(), shown(d.now))
	case d.now == nil:
		return fmt.Sprintf("`%s` was removed; it was %s", d.pointer(), shown(d.old))
	}
	return fmt.Sprintf("`%s` was changed from %s to %s", d.pointer(), shown(d.old), shown(d.now))
}

func shown(value any) string {
	text := canonical(value)
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return text
}
