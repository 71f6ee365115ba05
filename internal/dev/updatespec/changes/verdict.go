package changes

import (
	"slices"
	"strings"
)

// breaks says whom a change breaks; the zero value is nobody.
type breaks string

const (
	// Programs that send what was allowed, or call what was there.
	callers breaks = "breaks callers"
	// Programs that read responses, and those that check them against the contract:
	// an older one that meets the service as it is now, or a newer one that meets it
	// as it was.
	readers breaks = "breaks clients that read or check responses"
	// Programs that the report does not know enough about.
	anybody breaks = "may break programs"
)

// compared are the keywords whose changes oasdiff reports, between the elements of
// path below: what is inside of other keywords it does not look at.
var (
	compared = []string{
		"required", "enum", "type", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
		"minItems", "maxItems", "minProperties", "maxProperties", "multipleOf", "pattern", "nullable", "default", "readOnly", "writeOnly",
		"deprecated", "$ref", "allOf", "oneOf", "anyOf", "items", "operationId", "requestBody", "security", "content", "headers",
		"parameters", "properties", "schema", "propertyName", "discriminator", "mapping",
	}
	passed = []string{"properties", "items", "allOf", "schema", "discriminator", "parameters", "schemas", "components", "paths", "responses",
		"requestBody", "content", "headers", "requestBodies"}
	// named are keys below which oasdiff reports each name that comes or goes.
	named = []string{"properties", "paths", "content", "parameters", "headers", "mapping", "responses", "requestBodies"}
)

// isCompared reports whether oasdiff is known to report the difference. sides are what
// the components of the documents are used for.
func (d difference) isCompared(sides map[string]usage) bool {
	if len(d.at) > 2 && d.at[0] == "components" && d.at[1] != "securitySchemes" {
		if use := d.usage(sides); use == 0 || use&inUnknown != 0 {
			return false
		}
	}
	if d.renamedPath() != "" || d.isUnreliable() {
		return false
	}
	names := false
	for i, key := range d.at {
		last := i == len(d.at)-1
		switch {
		case i > 0 && d.at[i-1] == "responses" && key == "default":
			return false
		case names && last:
			return slices.Contains(named, d.at[i-1])
		case names, isIndex(key):
			names = false
		case key == "security", i == 1 && key == "securitySchemes":
			return true
		case last:
			_, inAllOf := d.parent["allOf"]
			return slices.Contains(compared, key) && !(key == "nullable" && inAllOf) || slices.Contains(methods, key)
		case !slices.Contains(passed, key) && !slices.Contains(methods, key):
			return false
		default:
			names = slices.Contains(nameMaps, key)
		}
	}
	return false
}

// isUnreliable reports whether the difference is of a kind that oasdiff reports in
// some documents and not in others, or with the wrong verdict: the content of a
// parameter, what is inside of its schema, a header of a response that is required, and
// the parameters of a media type.
func (d difference) isUnreliable() bool {
	names := false
	for i, key := range d.at {
		switch below := d.at[i+1:]; {
		case names:
			names = false
			continue
		case key == "parameters" && len(below) > 1 && below[1] == "content",
			key == "parameters" && len(below) > 2 && below[1] == "schema" && isInside(below[2]),
			key == "headers" && len(below) == 2 && below[1] == "required",
			key == "content" && len(below) == 1 && strings.Contains(below[0], ";"):
			return true
		}
		names = slices.Contains(nameMaps, key)
	}
	return false
}

// isInside reports whether what is below a keyword of a schema is inside of the value.
func isInside(keyword string) bool {
	return slices.Contains([]string{"properties", "items", "required", "allOf"}, keyword)
}

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

func isIndex(key string) bool { return strings.Trim(key, "0123456789") == "" }

// verdict says whom a difference breaks that oasdiff does not report. sides are what
// the schemas of the documents are used for, by their names.
func (d difference) verdict(sides map[string]usage) breaks {
	use := d.usage(sides)
	key := d.at[len(d.at)-1]
	switch {
	case d.renamedPath() != "":
		return ""
	case len(d.at) == 1 && key == "openapi":
		if minor(d.old) == minor(d.now) {
			return ""
		}
		return anybody
	case slices.Contains(d.at, "servers"):
		return d.serverVerdict()
	case len(d.at) == 3 && d.at[1] == "schemas" && d.now == nil:
		return callers // a Go type has another name, or none
	case len(d.at) == 3 && d.at[0] == "components" && d.old == nil:
		return ""
	case use == 0, d.old == nil && (key == "callbacks" || key == "links"):
		return ""
	case slices.Contains(d.at, "default") && slices.Contains(d.at, "responses"):
		return readers
	case key == "additionalProperties" && isLax(d.now), key == "nullable" && d.now == true, key == "uniqueItems" && d.now != true, d.isRelaxed():
		return use.widened()
	}
	return use.changed()
}

// restrictions are keywords without which more is valid.
var restrictions = []string{"pattern", "format", "enum", "required", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
	"minProperties", "maxProperties", "multipleOf", "not"}

// isRelaxed reports whether a restriction is gone, or a list has more values, or fewer
// that are required, so that everything that was valid still is.
func (d difference) isRelaxed() bool {
	key := d.at[len(d.at)-1]
	if d.now == nil {
		return slices.Contains(restrictions, key)
	}
	old, _ := d.old.([]any)
	now, _ := d.now.([]any)
	switch {
	case key == "enum" && len(old) > 0:
		return isSubset(old, now)
	case key == "required":
		return d.now == false || isSubset(now, old)
	}
	return false
}

func isSubset(part, whole []any) bool {
	return !slices.ContainsFunc(part, func(v any) bool { return !slices.Contains(sortedTexts(whole), canonical(v)) })
}

// serverVerdict lets servers be added after those that were there: the first is where
// a client sends its requests.
func (d difference) serverVerdict() breaks {
	old, _ := d.old.([]any)
	now, _ := d.now.([]any)
	if len(d.at) != 1 || len(old) == 0 || len(now) <= len(old) {
		return callers
	}
	for i := range old {
		if canonical(old[i]) != canonical(now[i]) {
			return callers
		}
	}
	return ""
}

func minor(version any) string {
	text, _ := version.(string)
	major, rest, _ := strings.Cut(text, ".")
	second, _, _ := strings.Cut(rest, ".")
	return major + "." + second
}

func isLax(additional any) bool { return additional == nil || additional == true }
