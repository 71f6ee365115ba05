package fetch

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// addresses maps what a service or a redirect may name to what browsers request.
var addresses = map[string]string{
	"/a.png":                                   "/a.png",
	"/a b.png?sig=x y":                         "/a%20b.png?sig=x%20y",
	"/图/红 狐.png?name=图 片":                      "/%E5%9B%BE/%E7%BA%A2%20%E7%8B%90.png?name=%E5%9B%BE%20%E7%89%87",
	`/a"b".png?response="a.png"`:               "/a%22b%22.png?response=%22a.png%22",
	"/a'b.png?x='y'":                           "/a'b.png?x=%27y%27",
	"/a<b>.png?x=<y>":                          "/a%3Cb%3E.png?x=%3Cy%3E",
	"/a%2Fb c.png?sig=a%2Fb%3D%3D&x=y z":       "/a%2Fb%20c.png?sig=a%2Fb%3D%3D&x=y%20z",
	"/a%2fb图.png?sig=a%2fb+c/d=&x=%e5":         "/a%2fb%E5%9B%BE.png?sig=a%2fb+c/d=&x=%e5",
	"/a%20b%E5%9B%BE.png?x=%E5%9B%BE":          "/a%20b%E5%9B%BE.png?x=%E5%9B%BE",
	"/a+b,c;d=e:f@g!$&()*~-._/?x=a+b,c;d:e@/?": "/a+b,c;d=e:f@g!$&()*~-._/?x=a+b,c;d:e@/?",
	"/a%2Fb[1].png?x[0]=a|b^c`{d}\\":           "/a%2Fb[1].png?x[0]=a|b^c`{d}\\",
	"/a%2Fb{1}|`^\\.png":                       "/a%2Fb%7B1%7D%7C%60%5E%5C.png",
	"/é.png?é":                                 "/%C3%A9.png?%C3%A9",
	"/\xff.png?\xff":                           "/%FF.png?%FF",
	"/a.png?100%&x=%zz":                        "/a.png?100%&x=%zz",
	"/a.png#top":                               "/a.png",
	"/a.png?x=1#图 %zz":                         "/a.png?x=1",
	"?x=y z":                                   "/?x=y%20z",
	" /a.png?x=1 ":                             "/a.png?x=1",
}

func TestAddressesAreEscapedAsBrowsersDo(t *testing.T) {
	t.Parallel()
	var location string
	host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.RequestURI == "/from" {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, png+r.RequestURI)
	})
	f := loopback(t, Options{})
	for raw, want := range addresses {
		given, redirected := new(strings.Builder), new(strings.Builder)
		u, err := Parse(host.String() + strings.TrimLeft(raw, " "))
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		_, failed := f.get(t.Context(), u, given)
		location = strings.Trim(raw, " ")
		_, again := f.get(t.Context(), parse(t, host.String()+"/from"), redirected)
		if failed != nil || again != nil || given.String() != png+want || !strings.HasPrefix(raw, "?") && redirected.String() != png+want {
			t.Errorf("%q: %s, %+v; by a redirect %s, %+v; want %s", raw, given, failed, redirected, again, want)
		}
	}
}

// Neither the scheme nor the host is rewritten, and what net/url refuses stays refused.
func TestParseHosts(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://images.test": "images.test", " https://images.test/a b ": "images.test", "https://images.test?x=图": "images.test", "HTTPS://IMAGES.test/": "IMAGES.test",
		"https://图.test/图": "图.test", "//images.test/a:b": "images.test", "https://images.test:8080": "images.test:8080", "https://a.test/b://c d": "a.test",
		"https://[::1": "-", "https://a.test/\n": "-", "https://a.test/\x7f": "-", "https://a b.test/": "-", "http://a.test\\@127.0.0.1/": "-", "https://a.test/%zz": "-", "https://a.test:port/": "-",
		"": "", "/a.png": "", "data:image/png;base64,A A": "",
	} {
		u, err := Parse(raw)
		if (err != nil) != (want == "-") || err == nil && u.Host != want {
			t.Errorf("%q: %v, %v", raw, u, err)
		}
	}
}

func TestHoldsKey(t *testing.T) {
	t.Parallel()
	const key = "sk-0123/45+67=89"
	for raw, want := range map[string]bool{
		"https://images.test/a.png": false, "https://images.test/sk-0123": false, "https://images.test/%zz%": false, "": false,
		"https://images.test/a.png?key=" + key: true, "https://images.test/" + key + "/a.png": true, "https://" + key + ".test/": true, "https://images.test/#" + key: true,
		"https://images.test/?k=" + url.QueryEscape(key): true, "https://images.test/" + url.PathEscape(key): true,
		"https://images.test/?k=" + url.QueryEscape(url.QueryEscape(key)): true, "https://images.test/?%7a=%zz&k=%73k-0123%2f45%2b67%3d89": true,
	} {
		for _, header := range []string{key, "Bearer " + key} {
			if got := HoldsKey(redact.New(header), raw); got != want {
				t.Errorf("%q: %t", raw, got)
			}
		}
		if HoldsKey(redact.Redactor{}, raw) {
			t.Errorf("%q without a key", raw)
		}
	}
}

// What is escaped is parsed, escaped again, to the same.
func FuzzParse(f *testing.F) {
	for raw := range addresses {
		f.Add("https://images.test" + raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := Parse(raw)
		if err != nil || u.Host == "" {
			return
		}
		if uri := u.RequestURI(); strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q is requested as %q", raw, uri)
		}
		again, err := Parse(u.String())
		if err != nil || again.RequestURI() != u.RequestURI() || again.Host != u.Host {
			t.Errorf("%q is %q, then %q, %v", raw, u, again, err)
		}
	})
}
