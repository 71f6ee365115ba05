package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var (
	_ fakeapi.TB = (*testing.T)(nil)
	_ fakeapi.TB = (*testing.B)(nil)
	_ fakeapi.TB = (*testing.F)(nil)
)

func TestStartClosesAtTheEnd(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	srv := fakeapi.Start(tb, fakeapi.WithTasks("a"))
	wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
	if errs := tb.finish(); len(errs) != 0 || tb.fatal != "" {
		t.Errorf("reported %q and %q", errs, tb.fatal)
	}
	if got := send(srv, deletion(t, srv, "a")); got.err == nil {
		t.Errorf("status %d after the test", got.status)
	}
}

func TestStartThatFails(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	if srv := fakeapi.Start(tb, fakeapi.WithAddr("nonsense")); srv != nil {
		t.Error("got a server")
	}
	if !strings.Contains(tb.fatal, "WithAddr") || len(tb.cleanups) != 0 {
		t.Errorf("Fatalf said %q with %d cleanups", tb.fatal, len(tb.cleanups))
	}
}

func TestStrict(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*http.Request)
		want   string // empty if it violates no contract
	}{
		"good":         {func(*http.Request) {}, ""},
		"wrong key":    {func(r *http.Request) { r.Header.Set("Authorization", "wrong") }, ""},
		"no key":       {func(r *http.Request) { r.Header.Del("Authorization") }, "no API key"},
		"no type":      {func(r *http.Request) { r.Header.Del("Content-Type") }, "Content-Type is missing"},
		"other method": {func(r *http.Request) { r.Method = "PUT" }, "other methods"},
		"other path":   {func(r *http.Request) { r.URL.Path = "/" + testKey }, `POST "/[redacted]" violates the contract: the contract has no such path`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newRecorder()
			srv := fakeapi.Start(tb, fakeapi.WithStrict(), fakeapi.WithTasks("a"), fakeapi.WithKey(testKey))
			req := deletion(t, srv, "a")
			c.change(req)
			must(t, send(srv, req))
			errs := tb.finish()
			if c.want == "" && len(errs) == 0 {
				return
			}
			if len(errs) != 1 || c.want == "" || !strings.HasPrefix(errs[0], "fakeapi: ") ||
				!strings.Contains(errs[0], c.want) || strings.Contains(errs[0], testKey) {
				t.Errorf("reported %q, want one with %q", errs, c.want)
			}
		})
	}
}

// A body that is too large to be read violates no contract, whatever makes it so.
func TestStrictAndLargeBodies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		unit  string
		count int
		msg   string
	}{
		"objects": {"{},", 70_000, "more than 65536 objects"},
		"values":  {"1,", 300_000, "more than 262144 values"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newRecorder()
			srv := fakeapi.Start(tb, fakeapi.WithStrict())
			body := `{"taskids":[],"note":[` + strings.Repeat(c.unit, c.count) + c.unit[:len(c.unit)-1] + `]}`
			msg := wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath, body)), 413)
			if !strings.Contains(msg, c.msg) {
				t.Errorf("msg %q, want %q in it", msg, c.msg)
			}
			if breach := srv.Requests()[0].Breach; breach != "" {
				t.Errorf("recorded the violation %q", breach)
			}
			if errs := tb.finish(); len(errs) != 0 {
				t.Errorf("reported %q", errs)
			}
		})
	}
}

func TestNotStrictByDefault(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	srv := fakeapi.Start(tb)
	wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath, "{}")), 400)
	if errs := tb.finish(); len(errs) != 0 {
		t.Errorf("reported %q", errs)
	}
}

// A report that comes once the test is over would panic: finish closes the
// channel that reports go to.
func TestStrictEndsWithTheTest(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		tb := newRecorder()
		srv := fakeapi.Start(tb, opt, fakeapi.WithStrict())
		stop := make(chan struct{})
		done := make(chan struct{}, 4)
		for range cap(done) {
			go func() {
				defer func() { done <- struct{}{} }()
				for {
					select {
					case <-stop:
						return
					default:
						send(srv, request(t, srv, http.MethodPost, deletePath, "{}"))
					}
				}
			}()
		}
		waitFor(t, func() bool { return len(srv.Requests()) > 10 })
		if errs := tb.finish(); len(errs) == 0 {
			t.Error("nothing was reported")
		}
		close(stop)
		for range cap(done) {
			<-done
		}
	})
}
