package changes

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// readable returns a document of the same meaning in which oasdiff finds what it
// otherwise passes over. It does not compare the parameters of a path if they are in
// both documents, so that each operation gets those of its path. It takes a body for
// text if its media type has parameters, so that JSON loses them. A document that is
// not JSON, or that has no such parts, stays as it is.
func readable(document []byte) []byte {
	doc, err := decode(document)
	if err != nil {
		return document
	}
	changed := false
	paths, _ := doc["paths"].(object)
	for _, path := range paths {
		if item, ok := path.(object); ok && pushDown(doc, item) {
			changed = true
		}
	}
	if !plainJSON(doc, false) && !changed {
		return document
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return document
	}
	return data
}

// pushDown moves the parameters of a path to its operations, unless they have their
// own of that name.
func pushDown(doc, item object) bool {
	shared, _ := item["parameters"].([]any)
	if len(shared) == 0 {
		return false
	}
	for _, method := range methods {
		op, ok := item[method].(object)
		if !ok {
			continue
		}
		own, _ := op["parameters"].([]any)
		all := byName(resolved(doc, shared))
		maps.Copy(all, byName(resolved(doc, own)))
		list := []any{}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			list = append(list, all[name])
		}
		op["parameters"] = list
	}
	delete(item, "parameters")
	return true
}

// resolved follows the references to parameters in components.
func resolved(doc object, list []any) (found []any) {
	for _, item := range list {
		parameter, _ := item.(object)
		if ref, ok := parameter["$ref"].(string); ok {
			if target := (references{doc: doc}).target(ref); target != nil {
				item = target
			}
		}
		found = append(found, item)
	}
	return found
}

// plainJSON takes the parameters off the JSON media types of a value in which names
// says whether keys are names.
func plainJSON(value any, names bool) (changed bool) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			changed = plainJSON(item, false) || changed
		}
	case object:
		for key, inner := range value {
			if content, ok := inner.(object); ok && key == "content" && !names {
				changed = withoutParameters(content) || changed
			}
			changed = plainJSON(inner, !names && slices.Contains(nameMaps, key)) || changed
		}
	}
	return changed
}

func withoutParameters(content object) (changed bool) {
	for _, key := range slices.Sorted(maps.Keys(content)) {
		name, _, has := strings.Cut(key, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if !has || !strings.HasSuffix(name, "json") || content[name] != nil {
			continue
		}
		content[name] = content[key]
		delete(content, key)
		changed = true
	}
	return changed
}
