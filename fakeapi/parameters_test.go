package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	cases := map[string]struct {
		method, path, header, cookie string
		msg                          string // empty if accepted
	}{
		"plain":                {method: "GET", path: "/v2/tasks/1"},
		"path too long":        {"GET", "/v2/tasks/123456789", "", "", `the path parameter "id": it does not satisfy "maxLength"`},
		"path decoded":         {method: "GET", path: "/v2/tasks/%41%41%41%41%41"},
		"boolean":              {method: "GET", path: "/v2/tasks/1?verbose=true"},
		"boolean capital":      {"GET", "/v2/tasks/1?verbose=True", "", "", `the query parameter "verbose": it must be of type boolean`},
		"integer":              {method: "GET", path: "/v2/tasks/1?size=7"},
		"integer low":          {"GET", "/v2/tasks/1?size=0", "", "", `"minimum"`},
		"integer fraction":     {"GET", "/v2/tasks/1?size=1.5", "", "", "it must be of type integer"},
		"integer quoted":       {"GET", "/v2/tasks/1?size=%227%22", "", "", "it must be of type integer"},
		"integer empty":        {"GET", "/v2/tasks/1?size=", "", "", "it must be of type integer"},
		"integer repeated":     {"GET", "/v2/tasks/1?size=1&size=2", "", "", "it is repeated"},
		"list":                 {method: "GET", path: "/v2/tasks/1?state=new&state=old"},
		"list too long":        {"GET", "/v2/tasks/1?state=new&state=old&state=new", "", "", `"maxItems"`},
		"list item":            {"GET", "/v2/tasks/1?state=new&state=odd", "", "", `"/1" does not satisfy "enum"`},
		"list not exploded":    {"GET", "/v2/tasks/1?state=new,old", "", "", `"/0" does not satisfy "enum"`},
		"header list":          {method: "GET", path: "/v2/tasks/1", header: "1,2"},
		"header list item":     {"GET", "/v2/tasks/1", "1,x", "", `the header parameter "X-Trace": "/1" must be of type integer`},
		"cookie":               {method: "GET", path: "/v2/tasks/1", cookie: "dark"},
		"cookie value":         {"GET", "/v2/tasks/1", "", "light", `the cookie parameter "theme": it does not satisfy "enum"`},
		"malformed query":      {"GET", "/v2/tasks/1?a=%zz", "", "", "the query is malformed"},
		"object":               {method: "GET", path: "/v2/tasks/1?where=a,1"},
		"unknown":              {method: "GET", path: "/v2/tasks/1?other=1"},
		"required absent":      {"DELETE", "/v2/tasks/1", "", "", `the query parameter "reason": it is required`},
		"required":             {method: "DELETE", path: "/v2/tasks/1?reason="},
		"of the path, kept":    {method: "DELETE", path: "/v2/tasks/1?reason=x&verbose=True"},
		"of the path, checked": {"DELETE", "/v2/tasks/1?reason=x&verbose=a&verbose=b", "", "", `the query parameter "verbose": it is repeated`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			req := request(t, srv, c.method, c.path, "")
			if c.header != "" {
				req.Header.Set("X-Trace", c.header)
			}
			if c.cookie != "" {
				req.AddCookie(&http.Cookie{Name: "theme", Value: c.cookie})
			}
			got := must(t, send(srv, req))
			if c.msg == "" {
				if got.status > 299 {
					t.Errorf("status %d, body %s", got.status, got.body)
				}
			} else if msg := wantError(t, got, 400); !strings.Contains(msg, c.msg) {
				t.Errorf("msg %q, want %q in it", msg, c.msg)
			}
		})
	}
}
