package contract

import (
	"net/url"
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
