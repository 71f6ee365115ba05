package fakeapi

import (
	"net/url"
	"regexp"
	"strings"
)

var templateVariable = regexp.MustCompile(`\{([^{}]+)\}`)

// route is one path of the contract.
type route struct {
	pattern    *regexp.Regexp
	names      []string // of the variables, in order
	operations map[string]*operation
	allow      string // the methods, as the Allow header has them
}

// compileTemplate makes a pattern of a path template, in which each variable
// stands for one or more characters of one segment.
func compileTemplate(template string) *route {
	r := &route{operations: make(map[string]*operation)}
	var pattern strings.Builder
	pattern.WriteString("^")
	end := 0
	for _, at := range templateVariable.FindAllStringSubmatchIndex(template, -1) {
		pattern.WriteString(regexp.QuoteMeta(template[end:at[0]]))
		pattern.WriteString("([^/]+)")
		r.names = append(r.names, template[at[2]:at[3]])
		end = at[1]
	}
	pattern.WriteString(regexp.QuoteMeta(template[end:]))
	pattern.WriteString("$")
	r.pattern = regexp.MustCompile(pattern.String())
	return r
}

// find returns the route of a URL and the values of its variables. Paths are
// compared as they were sent: no dot segment or double slash is resolved.
func (c *contract) find(u *url.URL) (*route, map[string]string) {
	path := u.EscapedPath()
	for _, r := range c.routes {
		match := r.pattern.FindStringSubmatch(path)
		if match == nil {
			continue
		}
		values := make(map[string]string, len(r.names))
		for i, name := range r.names {
			values[name], _ = url.PathUnescape(match[i+1]) // an escaped path has no malformed escapes
		}
		return r, values
	}
	return nil, nil
}
