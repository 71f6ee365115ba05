package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	const absent, wrong = "no API key: send it once, in the header Authorization", "the API key is not accepted"
	cases := map[string]struct {
		values   []string
		any, one string // the refusals of a server for any key and for testKey; empty if accepted
	}{
		"none":            {nil, absent, absent},
		"empty":           {[]string{""}, absent, absent},
		"only Bearer":     {[]string{"Bearer "}, absent, absent},
		"repeated":        {[]string{testKey, testKey}, absent, absent},
		"bare":            {[]string{testKey}, "", ""},
		"Bearer":          {[]string{"Bearer " + testKey}, "", ""},
		"lower case":      {[]string{"bearer  " + testKey}, "", ""},
		"other key":       {[]string{"another"}, "", wrong},
		"other scheme":    {[]string{"Basic " + testKey}, wrong, wrong},
		"two words":       {[]string{"Bearer Basic " + testKey}, wrong, wrong},
		"parameters":      {[]string{"Digest\tusername=a"}, wrong, wrong},
		"longer key":      {[]string{testKey + "0"}, "", wrong},
		"other case":      {[]string{strings.ToUpper(testKey)}, "", wrong},
		"Bearer, no key":  {[]string{"Bearer another"}, "", wrong},
		"Bearer squeezed": {[]string{"Bearer" + testKey}, "", wrong},
	}
	open := fakeapi.Start(t, fakeapi.WithUnknownTasksIgnored())
	closed := fakeapi.Start(t, fakeapi.WithUnknownTasksIgnored(), fakeapi.WithKey(" "+testKey+"\n"))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for srv, refusal := range map[*fakeapi.Server]string{open: c.any, closed: c.one} {
				req := deletion(t, srv, "a")
				req.Header["Authorization"] = c.values
				got := send(srv, req)
				if refusal == "" {
					wantJSON(t, got, 200, successBody)
					continue
				}
				if msg := wantError(t, got, 401); msg != refusal {
					t.Errorf("msg %q, want %q", msg, refusal)
				}
				all := srv.Requests()
				if violation := all[len(all)-1].Breach; (violation != "") != (refusal == absent) {
					t.Errorf("violation %q after the refusal %q", violation, refusal)
				}
			}
		})
	}
}

// The key comes before the body: a caller without one learns nothing of it.
func TestKeyIsCheckedFirst(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithKey("another-key"))
	wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath, "{")), 401)
	wantError(t, send(srv, request(t, srv, http.MethodPost, "/nowhere", "{")), 404)
}

func TestSecurityOfTheContract(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t), fakeapi.WithKey(testKey))
	const frame = "/v2/tasks/1/frames/2.png"
	cases := []struct {
		name, method, path string
		header             http.Header
		status             int
	}{
		{"none required", "GET", "/v2/tasks/1", nil, 200},
		{"none will do", "GET", "/v2/tasks/latest", nil, 200},
		{"document's own, absent", "DELETE", "/v2/tasks/1?reason=x", nil, 401},
		{"document's own", "DELETE", "/v2/tasks/1?reason=x", http.Header{"Authorization": {testKey}}, 204},
		{"two together, absent", "GET", frame, nil, 401},
		{"two together, one sent", "GET", frame, http.Header{"Authorization": {"Bearer " + testKey}}, 401},
		{"two together, one wrong", "GET", frame, http.Header{"Authorization": {testKey}, "X-App-Key": {"no"}}, 401},
		{"two together", "GET", frame, http.Header{"Authorization": {"Bearer " + testKey}, "X-App-Key": {testKey}}, 200},
		{"alternative", "GET", frame, http.Header{"X-Other-Key": {testKey}}, 200},
		{"alternative wrong", "GET", frame, http.Header{"X-Other-Key": {"no"}}, 401},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, srv, c.method, c.path, "")
			req.Header = c.header.Clone()
			if got := must(t, send(srv, req)); got.status != c.status {
				t.Errorf("status %d, want %d; body %s", got.status, c.status, got.body)
			}
		})
	}
}
