package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A key in the query counts as one in a header does, and stays out of the journal.
func TestKeyInTheQuery(t *testing.T) {
	t.Parallel()
	contract := fakeapi.WithContract([]byte(withSecurity(`{"type":"apiKey","in":"query","name":"api key"}`)))
	for _, tt := range []struct {
		key, query string
		status     int
		recorded   string
	}{
		{"", "", 401, ""},
		{"", "api+key=", 401, "api+key="},
		{"", "a=1&api+key=any&b=2", 200, "a=1&api+key=[redacted]&b=2"},
		{testKey, "api%20key=" + testKey, 200, "api%20key=[redacted]"},
		{testKey, "api+key=short&other=short", 401, "api+key=[redacted]&other=short"},
		{testKey, "api+key=" + testKey + "&other=" + testKey, 200, "api+key=[redacted]&other=[redacted]"},
		{testKey, "api+key=" + testKey + "&api+key=" + testKey, 401, "api+key=[redacted]&api+key=[redacted]"},
	} {
		opts := []fakeapi.Option{contract}
		if tt.key != "" {
			opts = append(opts, fakeapi.WithKey(tt.key))
		}
		srv := fakeapi.Start(t, opts...)
		got := must(t, send(srv, request(t, srv, http.MethodGet, "/a?"+tt.query, "")))
		if got.status != tt.status {
			t.Errorf("%s: status %d, want %d: %s", tt.query, got.status, tt.status, got.body)
		}
		if tt.status == 401 && tt.query == "" && !strings.Contains(string(got.body), "in the query parameter api key") {
			t.Errorf("the refusal does not say where the key goes: %s", got.body)
		}
		if r := srv.Requests()[0]; r.Query != tt.recorded {
			t.Errorf("%s is recorded as %s, want %s", tt.query, r.Query, tt.recorded)
		}
	}
}
