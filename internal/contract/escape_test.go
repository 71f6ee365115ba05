package contract

import (
	"net/url"
	"strings"
	"testing"
)

// A path in plain characters has the form that net/url makes of it, and so has every
// other way to write it.
func TestNormalPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                   "",
		"/v1/images:verb/-._~!$&'()*+,;=@[]": "/v1/images:verb/-._~!$&'()*+,;=@[]",
		"/größe":                             "/gr%C3%B6%C3%9Fe",
		"/gr%c3%b6%C3%9fe":                   "/gr%C3%B6%C3%9Fe",
		"/a b|c^d":                           "/a%20b%7Cc%5Ed",
		"/a%20b%7cc%5ed":                     "/a%20b%7Cc%5Ed",
		"/%7Ea%2D%2E%5F":                     "/~a-._",
		"/%41%62%31":                         "/%41%62%31",
		"/a%28b%29%21%2a%27%2C%3B%40%5B%5d":  "/a(b)!*',;@[]",
		"/a%2Fb":                             "/a%2Fb",
		"/a%3ab":                             "/a%3Ab",
		"/é%2f":                              "/%C3%A9%2F",
		"/100%":                              "/100%25",
		"/%zz%2":                             "/%25zz%252",
		"/%+1%":                              "/%25+1%25",
		"/a?b#c":                             "/a%3Fb%23c",
		"/\x00\xff":                          "/%00%FF",
	} {
		got := normalPath(text)
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if again := normalPath(got); again != got {
			t.Errorf("%s: %s, and then %s", text, got, again)
		}
		plain, err := url.PathUnescape(got)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if sent := (&url.URL{Path: plain, RawPath: want}).EscapedPath(); sent != want {
			t.Errorf("%s is sent as %s, want %s", text, sent, want)
		}
		if other := normalPath((&url.URL{Path: plain}).EscapedPath()); other != want && !keepsEscapes(want) {
			t.Errorf("%s without RawPath is %s, want %s", text, other, want)
		}
	}
}

// Paths that no request can have are refused by their name.
func TestPathsThatAreRefused(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/a?b=c":          `the path "/a?b=c" has a query`,
		"/a?":             `the path "/a?" has a query`,
		"/a/{id}?x={id}":  `the path "/a/{id}?x={id}" has a query`,
		"/a#b":            `the path "/a#b" has a fragment`,
		"/a#":             `the path "/a#" has a fragment`,
		"/a/{id?}":        `has a query`,
		"/a/../b":         `has a segment . or ..`,
		"/./b":            `has a segment . or ..`,
		"/b/..":           `has a segment . or ..`,
		"a":               `path "a" does not start`,
		"/a/{id}":         `Operation GET /a/{id} must define exactly all path parameters`,
		"/a%3Fb":          "",
		"/a%23b":          "",
		"/...":            "",
		"/.well-known/.a": "",
		"/a//b":           "",
		"/":               "",
		"/a/":             "",
	} {
		document := strings.Replace(around("{}", ""), `"paths": {"/"`, `"paths": {`+quotedJSON(path), 1)
		_, err := Parse([]byte(document))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// keepsEscapes reports whether a path has an escape that is not a matter of taste.
func keepsEscapes(path string) bool {
	for _, part := range []string{":", "%2F", "%3A", "%41"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}
