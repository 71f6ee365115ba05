package codegen

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"
	"unicode"
)

// Extensions for the names of fields.
const (
	goName    = "x-go-name"
	extraTags = "x-oapi-codegen-extra-tags"
)

// fieldTag is the tag of a field that holds the name of its property where the json tag
// can't: encoding/json ends it at a comma. internal/form reads it.
const fieldTag = "property"

// unnamed begins the name of a field or parameter for which [checkFields] asks for a
// name.
const unnamed = "Unnamed"

// nameFields keeps the generator from losing a property because of its name. Where it
// makes no exported name, which would give an embedded field, there is a replacement,
// which is refused later unless the overlay gives another name. Where
// encoding/json does not take the property's name, the schema gets additional
// properties: then the generator writes methods that encode and decode by the name
// itself.
func (d draft) nameFields() {
	hasOpened := false
	each(d.root, func(n node) {
		if name, ok := n["name"].(string); ok && n["in"] != nil && !token.IsExported(generatedName(name)) {
			n[goName] = unnamed + hexOf(name)
		}
		for name, property := range members(n["properties"]) {
			if !token.IsExported(generatedName(name)) || strings.Contains(name, `\`) {
				property[goName] = unnamed + hexOf(name)
			}
			if isTag(name) {
				continue
			}
			property[extraTags] = node{fieldTag: name}
			if more := n["additionalProperties"]; more == nil || more == false {
				n["additionalProperties"] = true
				hasOpened = true
			}
		}
	})
	if hasOpened {
		each(d.root, closeNone)
	}
}

// closeNone removes what forbids additional properties: the generator would not write
// the methods for a schema that is merged with it.
func closeNone(n node) {
	if n["additionalProperties"] == false {
		delete(n, "additionalProperties")
	}
}

func hexOf(name string) string { return fmt.Sprintf("%X", name) }

// symbols are what the generator writes in words at the beginning of a name.
const symbols = "-+&|~=><#.*^%_"

var wordsOfName = regexp.MustCompile(`[\p{Lu}\d]+([\p{Ll}\d]+|$)`)

// generatedName returns the name that the generator makes of a property's name, but
// for the spelling of initialisms and symbols. It may be empty, or no identifier.
func generatedName(name string) string {
	prefix := ""
	switch rest := strings.TrimLeft(strings.TrimLeft(name, "$"), symbols); {
	case name == "" || name == "$" || strings.Trim(name[:len(name)-len(rest)], "$") != "":
		prefix = "Symbol"
	case rest != "" && unicode.IsDigit([]rune(rest)[0]):
		prefix = "N"
	}
	var camel strings.Builder
	capital := true
	for _, r := range name {
		switch {
		case unicode.IsUpper(r), unicode.IsDigit(r):
			camel.WriteRune(r)
			capital = unicode.IsDigit(r)
		case unicode.IsLower(r):
			if capital {
				r = unicode.ToUpper(r)
			}
			camel.WriteRune(r)
			capital = false
		default:
			capital = true
		}
	}
	return prefix + strings.Join(wordsOfName.FindAllString(camel.String(), -1), "")
}

// isTag reports whether encoding/json takes a name from a tag as it is. See isValidTag
// there.
func isTag(name string) bool {
	if name == "" || name == "-" {
		return false
	}
	for _, r := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
