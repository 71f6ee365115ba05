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
