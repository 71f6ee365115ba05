package fakeapi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

var deletePath = frozen.Path("deleteImagesTask")

const (
	testKey     = "test-key-0123456789"
	successBody = `{"code":1000,"msg":"Successfully","data":{"status":"Success"}}`
	failedBody  = `{"code":1000,"msg":"Successfully","data":{"status":"Failed"}}`
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reply is what was received, or the error.
type reply struct {
	status int
	proto  string
	header http.Header
	body   string
	err    error
}

// deletion builds a request that satisfies the contract.
func deletion(t testing.TB, srv *fakeapi.Server, ids ...string) *http.Request {
	t.Helper()
	body, err := json.Marshal(map[string]any{"taskids": append([]string{}, ids...)})
	if err != nil {
		t.Fatal(err)
	}
	return request(t, srv, http.MethodPost, deletePath, string(body))
}

// request builds a JSON request with a key.
func request(t testing.TB, srv *fakeapi.Server, method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", testKey)
	req.Header.Set("Content-Type", "application/json")
	return req
}

// send returns what a raw client sees, with the body read to its end.
func send(srv *fakeapi.Server, req *http.Request) reply {
	res, err := srv.Client().Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return reply{status: res.StatusCode, proto: res.Proto, header: res.Header, body: string(body), err: err}
}

// must fails the test unless a whole response was received.
func must(t testing.TB, r reply) reply {
	t.Helper()
	if r.err != nil {
		t.Fatalf("no whole response: %v", r.err)
	}
	return r
}

// wantJSON compares documents, not spellings.
func wantJSON(t testing.TB, r reply, status int, want string) {
	t.Helper()
	must(t, r)
	if r.status != status {
		t.Errorf("status %d, want %d; body %s", r.status, status, r.body)
	}
	if got := r.header.Get("Content-Type"); !contract.IsJSON(got) {
		t.Errorf("Content-Type %q, want JSON", got)
	}
	if diff := cmp.Diff(parse(t, want), parse(t, r.body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// wantError checks that a response is an ErrorResponse and returns its msg.
func wantError(t testing.TB, r reply, status int) string {
	t.Helper()
	must(t, r)
	if r.status != status {
		t.Errorf("status %d, want %d; body %s", r.status, status, r.body)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q, want application/json", got)
	}
	object, ok := parse(t, r.body).(map[string]any)
	msg, isText := object["msg"].(string)
	if !ok || !isText || msg == "" || len(object) != 2 || object["code"] != 9999.0 {
		t.Fatalf("not an ErrorResponse with code 9999: %s", r.body)
	}
	return msg
}

func parse(t testing.TB, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("not JSON: %v: %q", err, text)
	}
	return value
}

func wantTasks(t testing.TB, srv *fakeapi.Server, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), append([]string{}, srv.Tasks()...)); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
}

// recorded is all that is in the journal; Request.String leaves most of it out.
func recorded(all []fakeapi.Request) string {
	var text strings.Builder
	for _, r := range all {
		fmt.Fprintf(&text, "%s %s %s %v %s %+v %s\n", r.Method, r.Path, r.Query, r.Header, r.Body, r.Uploads, r.Breach)
	}
	return text.String()
}

// protocols runs a test over each way to reach a server.
func protocols(t *testing.T, run func(t *testing.T, opt fakeapi.Option, proto string)) {
	t.Helper()
	for _, c := range []struct {
		name, proto string
		opt         fakeapi.Option
	}{
		{"plain", "HTTP/1.1", fakeapi.WithTasks()},
		{"TLS", "HTTP/1.1", fakeapi.WithTLS()},
		{"HTTP2", "HTTP/2.0", fakeapi.WithHTTP2()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, c.opt, c.proto)
		})
	}
}

// recorder is a TB that records errors, for tests of the reports.
type recorder struct {
	cleanups []func()
	errors   chan string
	fatal    string
}

func newRecorder() *recorder { return &recorder{errors: make(chan string, 1000)} }

func (r *recorder) Helper()                           {}
func (r *recorder) Cleanup(f func())                  { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, args ...any) { r.errors <- fmt.Sprintf(format, args...) }
func (r *recorder) Fatalf(format string, args ...any) { r.fatal = fmt.Sprintf(format, args...) }

// finish ends the imitated test and returns the errors it was given.
func (r *recorder) finish() []string {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	close(r.errors) // an Errorf after this panics, as testing.T's does
	var all []string
	for text := range r.errors {
		all = append(all, text)
	}
	return all
}

// newSlowBody returns a body that blocks until unblock gives its text.
func newSlowBody() (body io.ReadCloser, unblock func(text string)) {
	r, w := io.Pipe()
	return r, func(text string) {
		_, _ = io.WriteString(w, text)
		_ = w.Close()
	}
}

// grown serves a contract with more operations than this package knows.
func grown(t testing.TB) fakeapi.Option {
	t.Helper()
	doc, err := os.ReadFile("testdata/grown.json")
	if err != nil {
		t.Fatal(err)
	}
	return fakeapi.WithContract(doc)
}
