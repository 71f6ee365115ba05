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

		{"application/xml", `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html>`, true},
		{"", "<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>", true},
		{"text/xml", "<?xml version='1.0'?><!-- a --><?b c?><!doctype\tHTML>", true},
		{"application/xml", "<?xml version='1.0'?><Error/>", false},
		{"application/xml", "<?xml version='1.0'?><!DOCTYPE Error><Error/>", false},
		{"application/xml", "<!-- a --><Error/>", false},
		{"application/xml", "<?xml version='1.0'?>", false},
		{"application/xml", "<?xml version='1.0'", false},
		{"image/svg+xml", "<!DOCTYPE svg><svg>", false},
		{"text/plain", "<center><h1>403 Forbidden</h1></center>", true},
		{"text/plain", "<meta charset=utf-8><title>blocked</title>", true},
		{"", "<noscript>enable cookies</noscript>", true},
		{"", "<form action=/challenge>", true},
		{"", "<FORM\naction=/challenge>", true},
		{"", "<br>blocked", true},
		{"", "<a/>", false},
		{"", "<h2>blocked", true},
		{"", "<!-- blocked", true},
		{"", "<!-- 17 --> blocked", true},
		{"", "<!doctype html", false},
		{"", "<!doctype htmlx>", false},
		{"", "<html", false},
		{"", "<", false},
		{"", "<code>9999</code>", false},
		{"", "<forms><form/></forms>", false},
		{"", "blocked", false},
		{"", `"<html>"`, false},
		{"text/html", `{"code":403,"msg":"<html>"}`, false},
		{"text/html", ` [1] `, false},
		{"text/html", `[Error: blocked]`, true},
		{"text/html", `{{ title }}`, true},
		{" Text/HTML", "blocked", true},
	} {
		if got := IsPage(tt.contentType, []byte(tt.body)); got != tt.want {
			t.Errorf("%q, %q: %t", tt.contentType, tt.body, got)
		}
	}
}
