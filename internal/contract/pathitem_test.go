package contract

import (
	"net/url"
	"testing"
)

// A template in plain characters matches what net/url makes of it.
func TestEscapeLiteral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/v1/images:verb/-._~!$&'()*+,;=@[]": "/v1/images:verb/-._~!$&'()*+,;=@[]",
		"/größe":                             "/gr%C3%B6%C3%9Fe",
		"/a b|c^d":                           "/a%20b%7Cc%5Ed",
		"/a%2Fb":                             "/a%2Fb",
		"/é%2f":                              "/%C3%A9%2f",
		"/100%":                              "/100%25",
		"/%zz%2":                             "/%25zz%252",
		"/a?b#c":                             "/a%3Fb%23c",
	} {
		if got := escapeLiteral(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		plain, err := url.PathUnescape(escapeLiteral(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if sent := (&url.URL{Path: plain, RawPath: want}).EscapedPath(); sent != want {
			t.Errorf("%s is sent as %s, want %s", text, sent, want)
		}
	}
}
