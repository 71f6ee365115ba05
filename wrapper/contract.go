package wrapper

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

// contract is what the pipeline knows of openapi.json: its operations, found
// by method and path. A router would only match at the document's own server.
type contract struct {
	exact     map[endpoint]*operation
	templated []*operation
}

type endpoint struct{ method, path string }

// loadContract reads the embedded document once, on first use.
var loadContract = sync.OnceValues(func() (*contract, error) {
	return newContract(tensorslab.Spec())
})

func newContract(document []byte) (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("tensorslab: the contract cannot be read: %w", err)
	}
	// Examples are for readers: they do not decide whether answers can be checked.
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("tensorslab: the contract is invalid: %w", err)
	}
	c := &contract{exact: map[endpoint]*operation{}}
	schemas := newSchemaSet(document)
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			c.add(newOperation(method, path, op, schemas))
		}
	}
	// OpenAPI 3.0.3, "Paths Object": concrete paths are matched before templated ones.
	slices.SortFunc(c.templated, func(a, b *operation) int {
		if n := strings.Count(a.path, "{") - strings.Count(b.path, "{"); n != 0 {
			return n
		}
		return strings.Compare(a.path, b.path)
	})
	return c, nil
}

func (c *contract) add(op *operation) {
	if strings.Contains(op.path, "{") {
		c.templated = append(c.templated, op)
		return
	}
	c.exact[endpoint{op.method, op.path}] = op
}

// find returns the operation for a path relative to the base URL, or nil.
func (c *contract) find(method, path string) *operation {
	if op := c.exact[endpoint{method, path}]; op != nil {
		return op
	}
	for _, op := range c.templated {
		if op.method == method && op.pattern.MatchString(path) {
			return op
		}
	}
	return nil
}

// pathPattern turns /v1/images/{id} into a pattern for escaped paths.
func pathPattern(template string) *regexp.Regexp {
	pathParameter := regexp.MustCompile(`\\\{[^/{}]+\\\}`)
	quoted := regexp.QuoteMeta(template)
	return regexp.MustCompile("^" + pathParameter.ReplaceAllString(quoted, `[^/]+`) + "$")
}

// relativePath is the escaped path of u below base, with its leading slash. It
// fails for a URL that leaves base: the key must not follow it there.
func relativePath(base, u *url.URL) (string, bool) {
	if u.Opaque != "" || u.Scheme != base.Scheme || !sameHost(base, u) {
		return "", false
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	path, ok := strings.CutPrefix(u.EscapedPath(), prefix)
	return path, ok && strings.HasPrefix(path, "/")
}

func sameHost(a, b *url.URL) bool {
	return a.Host == b.Host ||
		strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" || u.Scheme == "https" {
		return cmp.Or(p, "443")
	}
	return "80"
}

// effect is what carrying out an operation does to the state of the service.
type effect uint8

const (
	effectEachTime effect = iota // a generation costs credits each time
	effectOnce                   // the same, however often it is carried out
	effectNone                   // so no outcome is in doubt
)

// effects holds the operations that do less than their HTTP method says
// (RFC 9110, 9.2): the service takes all of them by POST.
var effects = map[string]effect{
	"deleteImagesTask": effectOnce,
	"infoByTaskId":     effectNone,
}

func effectOf(method, operationID string) effect {
	byMethod := effectEachTime
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		byMethod = effectNone
	case http.MethodPut, http.MethodDelete:
		byMethod = effectOnce
	}
	return max(byMethod, effects[operationID])
}
