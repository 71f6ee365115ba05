package contract

import (
	"fmt"
	"strings"
	"testing"
)

// served is a contract of two operations with servers at three levels.
func served(document, path, operation string) string {
	return fmt.Sprintf(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": %s, "paths": {
    "/v1/a": {"servers": %s, "get": {"operationId": "a", "responses": {"200": {"description": "ok"}}}},
    "/v1/b": {"get": {"servers": %s, "responses": {"200": {"description": "ok"}}}}}}`, document, path, operation)
}

func TestServer(t *testing.T) {
	t.Parallel()
	const private, relative, https = "is not a public host", "is relative", "is not https"
	for servers, tt := range map[string]struct{ want, refused string }{
		`{"url": "https://api.tensorslab.com"}`:                     {"https://api.tensorslab.com", ""},
		`{"url": "https://API.example.com:8443/v2/"}`:               {"https://api.example.com:8443/v2", ""},
		`{"url": "https://a.example"}, {"url": "http://localhost"}`: {"https://a.example", ""},
		`{"url": "https://8.8.8.8"}`:                                {"https://8.8.8.8", ""},
		`{"url": "https://[2606:4700::1111]"}`:                      {"https://[2606:4700::1111]", ""},
		`{"url": "https://{region}.a.example/{v}", "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}, "v": {"default": "v1"}}}`: {"https://eu.a.example/v1", ""},
		`{"url": "https://{host}", "variables": {"host": {"default": "localhost"}}}`:                                                          {"", private},
		`{"url": "{base}/v1", "variables": {"base": {"default": "/api"}}}`:                                                                    {"", relative},
		``:                                 {"", "lists no server"},
		`{"url": "/"}`:                     {"", relative},
		`{"url": "v1"}`:                    {"", relative},
		`{"url": "//api.example.com"}`:     {"", relative},
		`{"url": "http://a.example"}`:      {"", https},
		`{"url": "ftp://a.example"}`:       {"", https},
		`{"url": "https://u:p@a.example"}`: {"", "user info"},
		`{"url": "https://a.example?x=1"}`: {"", "query"},
		`{"url": "https://a.example#x"}`:   {"", "fragment"},
		`{"url": "https://a.example:0"}`:   {"", "port"},
		`{"url": "https://localhost:8080"}, {"url": "https://a.example"}`: {"", private},
		`{"url": "https://api.localhost"}`:                                {"", private},
		`{"url": "https://intranet"}`:                                     {"", private},
		`{"url": "https://api.corp.internal."}`:                           {"", private},
		`{"url": "https://printer.local"}`:                                {"", private},
		`{"url": "https://127.0.0.1"}`:                                    {"", private},
		`{"url": "https://192.168.1.2/v1"}`:                               {"", private},
		`{"url": "https://169.254.169.254"}`:                              {"", private},
		`{"url": "https://100.64.0.1"}`:                                   {"", private},
		`{"url": "https://0.0.0.0"}`:                                      {"", private},
		`{"url": "https://[::1]"}`:                                        {"", private},
		`{"url": "https://[fd00::1]"}`:                                    {"", private},
		`{"url": "https://[::ffff:10.0.0.1]"}`:                            {"", private},
		`{"url": "https://127.1"}`:                                        {"", private},
		`{"url": "https://a..example"}`:                                   {"", private},
	} {
		d := parseText(t, served("["+servers+"]", "[]", "[]"))
		got, err := Server(d.Spec)
		if got != tt.want || (err == nil) != (tt.refused == "") || err != nil && !strings.Contains(err.Error(), tt.refused) {
			t.Errorf("%s: %q, %v", servers, got, err)
		}
		if all := CheckServers(d.Spec); fmt.Sprint(all) != fmt.Sprint(err) {
			t.Errorf("%s: CheckServers returns %v, and Server %v", servers, all, err)
		}
	}
}

func TestOneServerForAllOperations(t *testing.T) {
	t.Parallel()
	const main, other = `[{"url": "https://a.example/v1"}]`, `[{"url": "https://b.example"}]`
	for _, tt := range []struct{ path, operation, refused string }{
		{"[]", "[]", ""},
		{main, "[]", ""},
		{"[]", `[{"url": "https://A.example/v1/"}]`, ""},
		{other, "[]", `operation a: it has a server of its own, "https://b.example", and all requests go to https://a.example/v1`},
		{"[]", other, `operation GET /v1/b: it has a server of its own`},
		{`[{"url": "/v2"}]`, "[]", "operation a"},
	} {
		err := CheckServers(parseText(t, served(main, tt.path, tt.operation)).Spec)
		if (err == nil) != (tt.refused == "") || err != nil && !strings.HasPrefix(err.Error(), tt.refused) {
			t.Errorf("%s, %s: %v", tt.path, tt.operation, err)
		}
	}
}
