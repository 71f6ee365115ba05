package contract

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRelativePath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		base, url, want string
		ok              bool
	}{
		{"https://h.test/", "https://h.test/v1/x", "/v1/x", true},
		{"https://h.test/", "https://H.TEST:443/v1/x?q=1", "/v1/x", true},
		{"http://localhost:80/", "http://localhost/v1", "/v1", true},
		{"https://h.test/p/", "https://h.test/p/v1/x", "/v1/x", true},
		{"https://h.test/p%2Fq/", "https://h.test/p%2Fq/v1", "/v1", true},
		{"https://h.test/p/", "https://h.test/px/v1", "", false},
		{"https://h.test/p/", "https://h.test/v1/x", "", false},
		{"https://h.test/", "http://h.test/v1/x", "", false},
		{"https://h.test/", "https://h.test:444/v1/x", "", false},
		{"https://h.test/", "https://sub.h.test/v1/x", "", false},
		{"https://h.test/", "https://h.test", "", false},
	}
	for _, tt := range tests {
		base, _ := url.Parse(tt.base)
		u, err := url.Parse(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := RelativePath(base, u); ok != tt.ok || ok && got != tt.want {
			t.Errorf("%s below %s: %q, %t", tt.url, tt.base, got, ok)
		}
	}
}

func TestFindBelowSaysWhyThereIsNoOperation(t *testing.T) {
	t.Parallel()
	d := parseText(t, withParameters)
	base, err := url.Parse("https://a.test/prefix/")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ method, address, id, reason string }{
		{"GET", "https://a.test/prefix/v1/tasks/7?page=1", "7", ""},
		{"GET", "https://a.test/prefix/v1/" + strings.Repeat("x", 200), "", "the contract has no operation GET /v1/" + strings.Repeat("x", 200)},
		{"PUT", "https://a.test/prefix/v1/tasks/7", "", "the contract has no operation PUT /v1/tasks/7"},
		{"GET", "https://a.test/v1/tasks/7", "", "its address is not below the base URL"},
		{"GET", "https://b.test/prefix/v1/tasks/7", "", "its address is not below the base URL"},
		{"GET", "", "", "it has no URL"},
	} {
		req := &http.Request{Method: tt.method}
		if tt.address != "" {
			if req.URL, err = url.Parse(tt.address); err != nil {
				t.Fatal(err)
			}
		}
		op, values, reason := d.FindBelow(base, req)
		if reason != tt.reason || (op == nil) != (tt.reason != "") || values["id"] != tt.id {
			t.Errorf("%s %s: %v, %v, %q; want %q", tt.method, tt.address, op, values, reason, tt.reason)
		}
	}
}
