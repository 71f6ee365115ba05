package changes

import (
	"slices"
	"strings"
)

// usage is what a schema is used for.
type usage int

const (
	inRequests usage = 1 << iota
	inResponses
	inUnknown // also where oasdiff does not look
)

// unknown are keywords inside of which oasdiff does not compare.
var unknown = []string{"additionalProperties", "not", "oneOf", "anyOf", "patternProperties", "callbacks"}

// widened says whom it breaks that more values are allowed than before: what reads
// them may meet one that it does not know.
func (u usage) widened() breaks {
	if u&inResponses != 0 {
		return readers
	}
	return ""
}

// changed says whom it breaks that other values are allowed than before, or fewer.
func (u usage) changed() breaks {
	switch u &^ inUnknown {
	case inRequests:
		return callers
	case inResponses:
		return readers
	}
	return anybody
}

// usage returns what the place of the difference is used for. Places that are neither
// in an operation nor in a component that an operation refers to have no use.
func (d difference) usage(sides map[string]usage) usage {
	if len(d.at) > 2 && d.at[0] == "components" {
		return sides["#/components/"+d.at[1]+"/"+d.at[2]]
	}
	if d.at[0] != "paths" {
		return 0
	}
	if u := usageOf(d.at); u != 0 {
		return u
	}
	return inRequests | inResponses
}

// usageOf goes by the keys on the way.
func usageOf(at []string) usage {
	for i, key := range at {
		if i < 2 { // paths, and a path of any name
			continue
		}
		switch key {
		case "responses":
			return inResponses
		case "requestBody", "parameters":
			return inRequests
		}
	}
	return 0
}

// usages returns what the components of both documents are used for, by their
// references.
func usages(documents ...[]byte) (map[string]usage, error) {
	found := map[string]usage{}
	for _, document := range documents {
		doc, err := decode(document)
		if err != nil {
			return nil, err
		}
		r := references{doc, found}
		r.follow([]string{"paths"}, doc["paths"], 0)
	}
	return found, nil
}

type references struct {
	doc   object
	found map[string]usage
}

// follow marks what value refers to, directly or not.
func (r references) follow(at []string, value any, use usage) {
	if use&^inUnknown == 0 {
		use |= usageOf(at)
	}
	if len(at) > 0 && slices.Contains(unknown, at[len(at)-1]) {
		use |= inUnknown
	}
	switch value := value.(type) {
	case object:
		if ref, ok := value["$ref"].(string); ok && use&^inUnknown != 0 && r.found[ref]&use != use {
			r.found[ref] |= use
			r.follow(nil, r.target(ref), use)
		}
		for key, v := range value {
			r.follow(append(slices.Clone(at), key), v, use)
		}
	case []any:
		for _, v := range value {
			r.follow(at, v, use)
		}
	}
}

func (r references) target(ref string) any {
	var at any = r.doc
	for key := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		parent, _ := at.(object)
		at = parent[strings.NewReplacer("~1", "/", "~0", "~").Replace(key)]
	}
	return at
}
