package contract

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// pathItem is one path of the document.
type pathItem struct {
	escaped    string         // the path as it is sent, if it has no variables
	pattern    *regexp.Regexp // of the path as it is sent, if it has variables
	names      []string       // of the variables, in order
	literal    int            // bytes of the path outside of its variables
	operations map[string]*Operation
}

var pathVariable = regexp.MustCompile(`\{([^{}]+)\}`)

func newPathItem(path string, item *openapi3.PathItem, schemas schemaSet) *pathItem {
	p := compilePath(path)
	p.operations = map[string]*Operation{}
	for method, spec := range item.Operations() {
		p.operations[method] = newOperation(method, path, spec, parametersOf(item, spec), schemas)
	}
	return p
}

// compilePath makes a pattern of a path template, in which each variable stands
// for one or more characters of one segment.
func compilePath(template string) *pathItem {
	p := &pathItem{}
	variables := pathVariable.FindAllStringSubmatchIndex(template, -1)
	if len(variables) == 0 {
		p.escaped = escapeLiteral(template)
		return p
	}
	var pattern strings.Builder
	end := 0
	literal := func(text string) {
		p.literal += len(text)
		pattern.WriteString(regexp.QuoteMeta(escapeLiteral(text)))
	}
	for _, at := range variables {
		literal(template[end:at[0]])
		pattern.WriteString("([^/]+)")
		p.names = append(p.names, template[at[2]:at[3]])
		end = at[1]
	}
	literal(template[end:])
	p.pattern = regexp.MustCompile("^" + pattern.String() + "$")
	return p
}

// escapeLiteral escapes what a URL cannot hold in the part of a path that a
// document gives in plain characters, such as größe. What is escaped already
// stays as it is.
func escapeLiteral(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		_, err := url.PathUnescape(text[i:min(i+3, len(text))])
		if escape := c == '%' && err == nil; escape || isPlain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// isPlain reports whether net/url sends c as it is in a path.
func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~!$&'()*+,;=:@/[]", c) >= 0
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

// checkPaths refuses paths that no request can have.
func checkPaths(paths *openapi3.Paths) error {
	for _, path := range paths.Keys() {
		switch segments := strings.Split(path, "/"); {
		case strings.Contains(path, "?"):
			return invalid("the path %s has a query: what follows ? belongs into the operation's parameters", quotedPath(path))
		case strings.Contains(path, "#"):
			return invalid("the path %s has a fragment, which is never sent: remove # and what follows it", quotedPath(path))
		case slices.Contains(segments, "."), slices.Contains(segments, ".."):
			return invalid("the path %s has a segment . or .., which clients resolve before they send it", quotedPath(path))
		}
	}
	return nil
}

// maxQuotedPath bounds how much of a path an error quotes, in bytes.
const maxQuotedPath = 100

func quotedPath(path string) string {
	return strconv.Quote(strings.ToValidUTF8(path[:min(len(path), maxQuotedPath)], ""))
}
