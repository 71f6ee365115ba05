package contract

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Key says where the requests of an operation carry the API key. The zero value
// stands for an operation that takes none.
type Key struct {
	In     string // "header" or "query"
	Name   string // of the header, in its canonical form, or of the query parameter
	Bearer bool   // the contract asks for "Bearer " in front of it (type http, scheme bearer)
}

// IsAmbiguous reports whether the contract leaves open if a word such as "Bearer"
// comes before the key: it has an apiKey in the header Authorization, and OpenAPI
// can't say what such a header holds besides the key.
func (k Key) IsAmbiguous() bool { return k.Name == authorization && k.In == inHeader && !k.Bearer }

// set puts a value, which is one text, into a request where the key goes, in place
// of any that is there. The header keeps the slice.
func (k Key) set(req *http.Request, value []string) {
	switch k.In {
	case inHeader:
		req.Header[k.Name] = value
	case inQuery:
		u, pair := *req.URL, url.QueryEscape(k.Name)+"="+url.QueryEscape(value[0])
		others := slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(part string) bool {
			name, _, _ := strings.Cut(part, "=")
			name, err := url.QueryUnescape(name)
			return part == "" || err == nil && name == k.Name
		})
		u.RawQuery = strings.Join(append(others, pair), "&")
		req.URL = &u
	}
}

// KeySetter returns a function that puts a key into requests where the contract has
// it: as "Bearer <key>" if the contract says so or, unless bare, if it leaves that
// open. The header keeps value, a slice of one text, and no two requests may share one:
// transports and editors write into the values of a header. It is a function so that
// printing what holds it prints no key.
func KeySetter(key string, bare bool) func(req *http.Request, at Key, value []string) {
	bearer := "Bearer " + key
	return func(req *http.Request, at Key, value []string) {
		value[0] = key
		if at.Bearer || at.IsAmbiguous() && !bare {
			value[0] = bearer
		}
		at.set(req, value)
	}
}

// Sent returns what a request carries where the key goes, and in the header
// Authorization, which the sender may have set without being asked for it.
func (k Key) Sent(req *http.Request) []string {
	values := slices.Clip(req.Header[authorization])
	switch {
	case k.In == inHeader && k.Name != authorization:
		return append(values, req.Header[k.Name]...)
	case k.In == inQuery:
		return append(values, req.URL.Query()[k.Name]...)
	}
	return values
}

// Sent returns what a request of the operation carries as [Key.Sent] does. A nil Operation
// has no place of its own for a key.
func (o *Operation) Sent(req *http.Request) []string {
	if o == nil {
		return Key{}.Sent(req)
	}
	return o.Key.Sent(req)
}

const (
	authorization = "Authorization"
	inHeader      = openapi3.ParameterInHeader
	inQuery       = openapi3.ParameterInQuery
)

// keyOf returns where an operation's key goes: by the first of its alternatives that
// one API key satisfies, and nowhere if it has none. The error names the scheme of the
// first alternative if no API key satisfies any.
func keyOf(spec *openapi3.T, op *openapi3.Operation) (Key, error) {
	requirements := spec.Security
	if op.Security != nil {
		requirements = *op.Security
	}
	var refused []error
	for _, requirement := range requirements {
		key, err := keyOfSchemes(spec, slices.Sorted(maps.Keys(requirement)))
		if err == nil && key != (Key{}) {
			return key, nil
		}
		refused = append(refused, err)
	}
	if len(refused) == 0 || slices.Contains(refused, nil) { // one that is empty can be called without a key
		return Key{}, nil
	}
	return Key{}, refused[0]
}

// keyOfSchemes returns where the key goes that satisfies all of these schemes.
func keyOfSchemes(spec *openapi3.T, names []string) (Key, error) {
	switch len(names) {
	case 0:
		return Key{}, nil
	case 1:
		return keyOfScheme(spec, names[0])
	}
	return Key{}, fmt.Errorf("it requires the security schemes %s together, and there is one key", strings.Join(names, " and "))
}

// keyOfScheme returns where a security scheme has its key.
func keyOfScheme(spec *openapi3.T, name string) (Key, error) {
	scheme := spec.Components.SecuritySchemes[name].Value // a valid document declares it
	kind, reason := scheme.Type, "can't be satisfied by an API key"
	switch {
	case scheme.Type == "http" && strings.EqualFold(scheme.Scheme, "bearer"):
		return Key{In: inHeader, Name: authorization, Bearer: true}, nil
	case scheme.Type == "http":
		kind = "http " + scheme.Scheme
	case scheme.Type != "apiKey":
	case scheme.In == inQuery && scheme.Name != "":
		return Key{In: inQuery, Name: scheme.Name}, nil
	case scheme.In != inHeader:
		kind, reason = "apiKey in "+scheme.In, "is neither in a header nor in the query"
	case !isHeaderName(scheme.Name):
		kind, reason = "apiKey in header", "is in a header that can't carry a key"
	default:
		return Key{In: inHeader, Name: http.CanonicalHeaderKey(scheme.Name)}, nil
	}
	return Key{}, fmt.Errorf("its security scheme %q (%s) %s", name, kind, reason)
}

// isHeaderName reports whether a header of that name can be sent. Those that net/http
// and the generated client set themselves can't carry a key.
func isHeaderName(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "", "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Trailer", "Connection", "Expect", "Cookie", "User-Agent":
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// CheckSecurity returns an error if an operation has a security scheme that no API
// key satisfies, and no alternative. It names both.
func CheckSecurity(spec *openapi3.T) error {
	return firstOf(spec, func(_ *openapi3.PathItem, op *openapi3.Operation) error {
		_, err := keyOf(spec, op)
		return err
	})
}
