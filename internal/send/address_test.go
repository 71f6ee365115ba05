package send

import (
	"strings"
	"testing"
)

func TestParseBaseURLAccepts(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"https://api.tensorslab.com":       "https://api.tensorslab.com/",
		"https://api.tensorslab.com/":      "https://api.tensorslab.com/",
		" https://api.tensorslab.com\r\n":  "https://api.tensorslab.com/",
		"HTTPS://API.tensorslab.com":       "https://api.tensorslab.com/",
		"https://gateway.test:8443/images": "https://gateway.test:8443/images/",
		"https://gateway.test/a/../b/./c":  "https://gateway.test/b/c/",
		"https://gateway.test/a%2Fb":       "https://gateway.test/a%2Fb/",
		"http://localhost:8787":            "http://localhost:8787/",
		"http://LocalHost":                 "http://localhost/",
		"http://127.0.0.1:1":               "http://127.0.0.1:1/",
		"http://127.255.255.254":           "http://127.255.255.254/",
		"http://[::1]:65535":               "http://[::1]:65535/",
		"http://[::ffff:127.0.0.1]":        "http://[::ffff:127.0.0.1]/",
	}
	for raw, want := range tests {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			got, err := ParseBaseURL(raw)
			if err != nil || got.String() != want {
				t.Errorf("got %v, %v; want %s", got, err, want)
			}
		})
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                                     "empty",
		"  ":                                   "empty",
		"api.tensorslab.com":                   "no host",
		"//api.tensorslab.com":                 "scheme",
		"https://":                             "no host",
		"https://:443":                         "no host",
		"https:api.tensorslab.com":             "no host",
		"ftp://api.tensorslab.com":             "scheme",
		"file:///etc/passwd":                   "no host",
		"http://api.tensorslab.com":            "http and not a loopback",
		"http://localhost.evil.test":           "http and not a loopback",
		"http://127.0.0.1.evil.test":           "http and not a loopback",
		"http://127.1":                         "http and not a loopback",
		"http://0.0.0.0":                       "http and not a loopback",
		"http://10.0.0.1":                      "http and not a loopback",
		"http://[::2]":                         "http and not a loopback",
		"https://hunter2@api.tensorslab.com":   "user info",
		"https://u:hunter2@api.tensorslab.com": "user info",
		"https://@api.tensorslab.com":          "user info",
		"https://h.test?key=hunter2":           "query",
		"https://h.test/p?":                    "query",
		"https://h.test/#hunter2":              "fragment",
		"https://h.test/#":                     "fragment",
		"https://h.test:0":                     "port",
		"https://h.test:65536":                 "port",
		"https://h.test:":                      "port",
		"https://h.test:hunter2":               "malformed",
		"https://u:hunter2@h.test:x":           "malformed",
		"https://h.test/%zz-hunter2":           "malformed",
		"https://h.test\\@hunter2.test":        "malformed",
		"https://h.test/\nhunter2":             "malformed",
		"https://[::1":                         "malformed",
		"https://h\xff.test":                   "malformed",
	}
	for raw, want := range tests {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			_, err := ParseBaseURL(raw)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want something about %q", err, want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error holds the secret: %v", err)
			}
		})
	}
}
