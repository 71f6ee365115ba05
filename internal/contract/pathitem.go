package contract

import (
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// pathItem is one path of the document.
type pathItem struct {
	escaped    string         // the path as it is sent, if it has no variables
	pattern    *regexp.Regexp // of the path as it is sent, if it has variables
	names      []string       // of the variables, in order
	literals   []int          // for each segment, the bytes outside of its variables; see literalOnly
	operations map[string]*Operation
}

// literalOnly stands for the bytes of a segment without a variable: there are never
// more in one that has a variable.
const literalOnly = math.MaxInt

var pathVariable = lateRegexp{text: `\{([^{}]+)\}`}

func newPathItem(path string, item *openapi3.PathItem, schemas schemaSet) *pathItem {
	p := compilePath(path)
	p.operations = map[string]*Operation{}
	for method, spec := range item.Operations() {
		p.operations[method] = newOperation(method, path, spec, parametersOf(item, spec), schemas)
	}
	return p
}

// compilePath makes a pattern of a path template, in which each variable stands
// for characters of one segment. It also matches where a variable stands for none,
// so that /{id}:cancel is known where it is meant and lacks the id.
func compilePath(template string) *pathItem {
	p := &pathItem{}
	if !pathVariable.get().MatchString(template) {
		p.escaped = normalPath(template)
		return p
	}
	var pattern strings.Builder
	for segment := range strings.SplitSeq(strings.TrimPrefix(template, "/"), "/") {
		pattern.WriteByte('/')
		p.segment(segment, &pattern)
	}
	p.pattern = regexp.MustCompile("^" + pattern.String() + "$")
	return p
}

// segment adds one segment of the template to the pattern.
func (p *pathItem) segment(segment string, pattern *strings.Builder) {
	literals, end := 0, 0
	literal := func(text string) {
		literals += len(text)
		pattern.WriteString(regexp.QuoteMeta(normalPath(text)))
	}
	for _, at := range pathVariable.get().FindAllStringSubmatchIndex(segment, -1) {
		literal(segment[end:at[0]])
		pattern.WriteString("([^/]*)")
		p.names = append(p.names, variableName(segment[at[2]:at[3]]))
		end = at[1]
	}
	literal(segment[end:])
	if end == 0 {
		literals = literalOnly
	}
	p.literals = append(p.literals, literals)
}

// variableName leaves out what some routers have after the name of a variable, as
// the validator does: {id:[0-9]+} and {rest*}.
func variableName(name string) string {
	name, _, _ = strings.Cut(name, ":")
	return strings.TrimSuffix(name, "*")
}

// compareSpecific orders templates that may match the same path: the one that says
// more in its first segments comes first, so that /{id}:cancel and /{a}-{b} come
// before /{id}.
func compareSpecific(a, b *pathItem) int { return slices.Compare(b.literals, a.literals) }

// match returns what the variables stand for in a path as it is sent, without
// escapes. isEmpty reports that one of them stands for nothing.
func (p *pathItem) match(path string) (values map[string]string, isEmpty, ok bool) {
	found := p.pattern.FindStringSubmatch(path)
	if found == nil {
		return nil, false, false
	}
	values = make(map[string]string, len(p.names))
	for i, name := range p.names {
		value, err := url.PathUnescape(found[i+1])
		if err != nil { // no escaped path
			value = found[i+1]
		}
		values[name] = value
		isEmpty = isEmpty || value == ""
	}
	return values, isEmpty, true
}

// allow lists the methods of the path.
func (p *pathItem) allow() string {
	return strings.Join(slices.Sorted(maps.Keys(p.operations)), ", ")
}

// parametersOf returns the operation's parameters and those of its path that
// it does not override.
func parametersOf(item *openapi3.PathItem, op *openapi3.Operation) []*openapi3.Parameter {
	var list []*openapi3.Parameter
	for _, ref := range op.Parameters {
		list = append(list, ref.Value)
	}
	for _, ref := range item.Parameters {
		if op.Parameters.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			list = append(list, ref.Value)
		}
	}
	return list
}
