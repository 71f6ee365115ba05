package send

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
)

// A context that ends before net/http asks for a connection: nothing was sent,
// which is certain where the transport is ours or our copy. A user's own may
// have a registered protocol that reports nothing.
func TestContextThatEndsBeforeGetConn(t *testing.T) {
	t.Parallel()
	chosen := http.ProxyURL(&url.URL{Scheme: "http", Host: "127.0.0.1:1"})
	tests := map[string]struct {
		transport http.RoundTripper
		effect    Effect
		want      Outcome
	}{
		"ours, alone":              {nil, EachTime, NotSent},
		"ours, pooled":             {nil, Once, NotSent},
		"the user's, alone":        {&http.Transport{}, EachTime, NotSent},
		"a copy for proxies":       {&http.Transport{Proxy: chosen}, Once, NotSent},
		"proxies, alone":           {&http.Transport{Proxy: chosen}, EachTime, NotSent},
		"the user's, pooled":       {&http.Transport{}, Once, Unknown},
		"another type":             {roundTripper(ended), EachTime, Unknown},
		"another type, repeatable": {roundTripper(ended), Once, Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, status(200))
			ctx, cancel := context.WithCancel(t.Context())
			client, _ := NewClient(&http.Client{Transport: tt.transport}, 0)
			t.Cleanup(client.CloseIdleConnections)
			late := doerFunc(func(req *http.Request) (*http.Response, error) {
				cancel()
				return client.Do(req)
			})
			r := (&Sender{Client: late, MaxBytes: 100, Policy: quickly}).Send(post(ctx, t, url, "x"), tt.effect, nil)
			if r.Outcome != tt.want || r.Err == nil || requests.Load() != 0 {
				t.Errorf("%v, want %v: %v; %d requests", r.Outcome, tt.want, r.Err, requests.Load())
			}
		})
	}
}

func ended(req *http.Request) (*http.Response, error) { return nil, req.Context().Err() }

// A request that was sent is in doubt, though the transport reports.
func TestRequestThatWasSentIsInDoubt(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]Effect{"alone": EachTime, "pooled": Once} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, hangUp)
			client, _ := NewClient(&http.Client{}, 0)
			t.Cleanup(client.CloseIdleConnections)
			r := (&Sender{Client: client, MaxBytes: 100}).Send(post(t.Context(), t, url, "x"), effect, nil)
			if r.Outcome != Unknown || requests.Load() == 0 {
				t.Errorf("%v after %d requests: %v", r.Outcome, requests.Load(), r.Err)
			}
		})
	}
}

// A transport of the user's that does not report may send the body, lose its connection,
// and fail to open another one, by itself or through net/http. Such a request is in doubt,
// and one with an effect each time is not repeated.
func TestABodyThatWasReadMayHaveBeenSent(t *testing.T) {
	t.Parallel()
	refused := func(ctx context.Context, req *http.Request) (*http.Response, error) {
		second, err := http.NewRequestWithContext(ctx, req.Method, "http://127.0.0.1:1", http.NoBody)
		if err != nil {
			return nil, err
		}
		return (&http.Transport{}).RoundTrip(second)
	}
	tests := map[string]struct {
		size    int
		reads   bool // the transport reads the body before it connects
		reports bool // the second connection is reported
		tries   int
		want    Outcome
	}{
		"read":                 {9, true, false, 1, Unknown},
		"read, reported":       {9, true, true, 1, Unknown},
		"large and read":       {largeUpload + 1, true, false, 1, Unknown},
		"not read":             {9, false, false, 3, NotSent},
		"not read, reported":   {9, false, true, 3, NotSent},
		"large and not read":   {largeUpload + 1, false, false, 3, NotSent},
		"without a body":       {0, true, false, 3, NotSent},
		"without one, reports": {0, true, true, 3, NotSent},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tries := 0
			transport := roundTripper(func(req *http.Request) (*http.Response, error) {
				tries++
				if tt.reads && req.Body != nil {
					_, _ = io.Copy(io.Discard, req.Body)
				}
				ctx := t.Context()
				if tt.reports {
					ctx = req.Context()
				}
				return refused(ctx, req)
			})
			client, _ := NewClient(&http.Client{Transport: transport}, 0)
			s := &Sender{Client: client, MaxBytes: 100, Policy: quickly}
			r := s.Send(post(t.Context(), t, "https://service.test", strings.Repeat("x", tt.size)), EachTime, nil)
			if r.Outcome != tt.want || tries != tt.tries {
				t.Errorf("%v after %d tries, want %v after %d: %v", r.Outcome, tries, tt.want, tt.tries, r.Err)
			}
		})
	}
}

// A body is sent as it is, watched or not: with its length, or none at all.
func TestAWatchedBodyIsSentAsItIs(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "a", strings.Repeat("x", largeUpload+1)} {
		var length int64
		var encoding []string
		url, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { length, encoding = r.ContentLength, r.TransferEncoding })
		through := newSender(t, quickly)
		for name, s := range map[string]*Sender{"ours": through, "another": {Client: doerFunc(through.Client.Do), MaxBytes: 100, Policy: quickly}} {
			r := s.Send(post(t.Context(), t, url, body), EachTime, nil)
			if r.Err != nil || length != int64(len(body)) || encoding != nil || s.alwaysReports() != (name == "ours") {
				t.Errorf("%s, %d bytes: Content-Length %d, Transfer-Encoding %v, %v", name, len(body), length, encoding, r.Err)
			}
		}
	}
}

// A protocol that a user registered may have sent a request without a report.
func TestRegisteredProtocolIsNotBelieved(t *testing.T) {
	t.Parallel()
	given := &http.Transport{}
	given.RegisterProtocol("https", roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }))
	client, _ := NewClient(&http.Client{Transport: given}, 0)
	r := (&Sender{Client: client, MaxBytes: 100, Policy: Policy{MaxAttempts: 1}}).Send(post(t.Context(), t, "https://service.test", "x"), Once, nil)
	if r.Outcome != Unknown {
		t.Errorf("%v: %v", r.Outcome, r.Err)
	}
}

// The hooks of a trace of the caller's are called as well.
func TestTheCallersTraceIsKept(t *testing.T) {
	t.Parallel()
	for _, effect := range []Effect{EachTime, Once, None} {
		url, _ := serve(t, status(200))
		var calls []string
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GetConn:      func(string) { calls = append(calls, "GetConn") },
			GotConn:      func(httptrace.GotConnInfo) { calls = append(calls, "GotConn") },
			WroteRequest: func(httptrace.WroteRequestInfo) { calls = append(calls, "WroteRequest") },
		})
		client, _ := NewClient(&http.Client{}, 0)
		t.Cleanup(client.CloseIdleConnections)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("a"))
		if err != nil {
			t.Fatal(err)
		}
		(&Sender{Client: client, MaxBytes: 100}).Send(req, effect, nil)
		if got := strings.Join(calls, " "); !strings.HasSuffix(got, "GetConn GotConn WroteRequest") { // a new connection for a generation is got twice
			t.Errorf("effect %d: %s", effect, got)
		}
	}
}
