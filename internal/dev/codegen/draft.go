package codegen

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	reader "github.com/tensorslab/tensorslab-go/internal/contract"
)

// node is a JSON object of a contract that is being prepared for the generator.
type node = map[string]any

// draft is a contract that is being prepared for the generator, which reads it in
// place of the published text. Responses and requests are checked against the
// published text, so that nothing here changes what is valid.
type draft struct{ root node }

// prepare returns what the generator reads: the contract without the names and types
// that it gives itself, and with those that follow from the rules of this module. The
// overlay is applied to the result, so its actions have the last word.
func prepare(contract []byte) ([]byte, error) {
	d, err := decode(contract)
	if err != nil {
		return nil, err
	}
	d.dropExtensions()
	d.dropCallbacks()
	d.dropUndecoded()
	d.plainBodies()
	d.renameOurs()
	d.nameFields()
	d.nameOperations()
	d.hoist()
	d.markUnset()
	d.plainWords()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(d.root)
	return out.Bytes(), err
}

// decode reads a contract without what has no effect in it, such as a byte order mark.
func decode(contract []byte) (d draft, err error) {
	contract, _ = reader.Readable(contract)
	dec := json.NewDecoder(bytes.NewReader(contract))
	dec.UseNumber()
	err = dec.Decode(&d.root)
	return d, err
}

// The keys of an OpenAPI document below which a key is a name that the document
// chooses, and those whose value is data, in which no keyword has a meaning.
var (
	holdNames = keys("properties patternProperties dependentSchemas $defs definitions schemas responses parameters " +
		"requestBodies headers securitySchemes links callbacks pathItems paths webhooks content encoding variables mapping scopes")
	holdData = keys("example examples default enum const value security")
)

func keys(list string) map[string]bool {
	set := map[string]bool{}
	for _, key := range strings.Fields(list) {
		set[key] = true
	}
	return set
}

// each calls visit for every object below value in which keywords and extensions may
// stand: not for one whose keys are names, and not for data. Visit may change the
// object.
func each(value any, visit func(n node)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			each(item, visit)
		}
	case node:
		visit(value)
		for key, child := range value {
			if holdData[key] {
				continue
			}
			if named, ok := child.(node); ok && holdNames[key] {
				for _, item := range named {
					each(item, visit)
				}
				continue
			}
			each(child, visit)
		}
	}
}

// resolve follows the references from n to the object that they lead to. A circle of
// them leads to an empty object; a valid contract has none.
func (d draft) resolve(n node) node {
	for range 100 {
		ref, ok := n["$ref"].(string)
		if !ok {
			return n
		}
		n = d.at(ref)
	}
	return node{}
}

// at returns the object at a reference such as #/components/schemas/Task, or an empty
// one.
func (d draft) at(ref string) node {
	var value any = d.root
	for token := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch parent := value.(type) {
		case node:
			value = parent[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(parent) {
				return node{}
			}
			value = parent[i]
		}
	}
	n, _ := value.(node)
	return n
}

// identity distinguishes objects, which are maps and can't be compared.
func identity(n node) uintptr { return reflect.ValueOf(n).Pointer() }

// objects returns the items of a list that are objects.
func objects(value any) (list []node) {
	items, _ := value.([]any)
	for _, item := range items {
		if n, ok := item.(node); ok {
			list = append(list, n)
		}
	}
	return list
}

// members returns the values of an object that are objects, by their keys.
func members(value any) map[string]node {
	list := map[string]node{}
	object, _ := value.(node)
	for key, item := range object {
		if n, ok := item.(node); ok {
			list[key] = n
		}
	}
	return list
}

// sortedMembers yields the values of an object that are objects, in the order of their
// keys. The object may change meanwhile.
func sortedMembers(value any) iter.Seq2[string, node] {
	list := members(value)
	return func(yield func(string, node) bool) {
		for _, key := range slices.Sorted(maps.Keys(list)) {
			if !yield(key, list[key]) {
				return
			}
		}
	}
}

// objectIn returns the object at a key of n, and adds an empty one if there is none.
func objectIn(n node, key string) node {
	object, ok := n[key].(node)
	if !ok {
		object = node{}
		n[key] = object
	}
	return object
}
