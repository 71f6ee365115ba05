package send

import "testing"

func TestIsPage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		contentType, body string
		want              bool
	}{
		{"text/html", "x", true},
		{"TEXT/HTML; charset=utf-8", " x", true},
		{"application/xhtml+xml", "<?xml version='1.0'?>", true},
		{"text/html", "", false},
		{"text/html", "\ufeff \r\n", false},
		{"", "<!doctype html>", true},
		{"application/json", "\ufeff\n <HTML lang=en>", true},
		{"text/plain", "<!-- a --><html>", true},
		{"text/plain", "the tag <html>", false},
		{"application/json", `{"msg":"<html>"}`, false},
		{"application/xml", "<Error><Code>AccessDenied</Code></Error>", false},
	} {
		if got := IsPage(tt.contentType, []byte(tt.body)); got != tt.want {
			t.Errorf("%q, %q: %t", tt.contentType, tt.body, got)
		}
	}
}
