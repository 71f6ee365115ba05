package wrapper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// Each operation's key is where the contract has it, and nowhere else.
func TestKeyGoesWhereTheContractSays(t *testing.T) {
	t.Parallel()
	sent := make(chan *http.Request, 1)
	base, _ := testkit.Serve(t, func(_ http.ResponseWriter, r *http.Request) { sent <- r })
	s := serviceOf(t, "keys.json")
	for _, bare := range []bool{false, true} {
		var opts []Option
		today := "Bearer " + testKey
		if bare {
			opts, today = append(opts, WithBareKey()), testKey
		}
		c := newEvolvedClient(t, s, base, opts...)
		for path, want := range map[string]struct{ authorization, header, query string }{
			"/v1/today":              {authorization: today},
			"/v1/header":             {header: testKey},
			"/v1/query":              {query: "api_key=" + testKey},
			"/v1/query?a=1&api_key=": {query: "a=1&api_key=" + testKey},
			"/v1/bearer":             {authorization: "Bearer " + testKey},
			"/v1/none":               {},
		} {
			if _, err := through(t, c, http.MethodGet, path, nil); err != nil {
				t.Fatal(err)
			}
			r := <-sent
			got := struct{ authorization, header, query string }{r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), r.URL.RawQuery}
			if got != want || strings.Count(fmt.Sprint(r.Header, r.URL), testKey) > 1 {
				t.Errorf("%s, bare %t: sent %+v, want %+v", path, bare, got, want)
			}
		}
	}
}

// The user's editors run before the key is added, and can't see it; what one request
// brings along for itself counts.
func TestKeyIsAddedAfterTheEditors(t *testing.T) {
	t.Parallel()
	sent := make(chan *http.Request, 1)
	base, _ := testkit.Serve(t, func(_ http.ResponseWriter, r *http.Request) { sent <- r })
	c := newEvolvedClient(t, serviceOf(t, "keys.json"), base, WithRequestEditor(func(_ context.Context, req *http.Request) error {
		if strings.Contains(fmt.Sprint(req.Header, req.URL), testKey) {
			t.Error("an editor sees the key")
		}
		req.Header.Set("X-Api-Key", "from an editor")
		return nil
	}))
	for path, want := range map[string]string{"/v1/header": testKey, "/v1/none": "from an editor", "/v1/query": "from an editor"} {
		if _, err := through(t, c, http.MethodGet, path, nil); err != nil {
			t.Fatal(err)
		}
		if got := (<-sent).Header.Get("X-Api-Key"); got != want {
			t.Errorf("%s: sent %q, want %q", path, got, want)
		}
	}
	if _, err := through(t, c, http.MethodGet, "/v1/header", func(r *http.Request) { r.Header.Set("X-Api-Key", "another") }); err != nil {
		t.Fatal(err)
	}
	if got := (<-sent).Header.Get("X-Api-Key"); got != "another" {
		t.Errorf("the request's own key is replaced by %q", got)
	}
}

// A key is taken out of all that comes back, wherever it was sent: from a service that
// echoes it, from redirects, which are not followed, and from errors of the network,
// which quote the URL.
func TestKeyIsRedactedWhereverItIsSent(t *testing.T) {
	t.Parallel()
	s := serviceOf(t, "keys.json")
	for _, path := range []string{"/v1/today", "/v1/header", "/v1/query", "/v1/bearer"} {
		for name, respond := range map[string]http.HandlerFunc{
			"echoed": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", testKey)
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"code":9999,"msg":"%s %s"}`, r.URL, r.Header)
			},
			"rejected": testkit.Respond(http.StatusUnauthorized, `{"msg":"bad key `+url.QueryEscape(testKey)+`"}`),
			"redirected": func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
			},
			"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		} {
			t.Run(strings.TrimPrefix(path, "/v1/")+" "+name, func(t *testing.T) {
				t.Parallel()
				var log bytes.Buffer
				base, requests := testkit.Serve(t, respond)
				c := newEvolvedClient(t, s, base, WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))), WithRetry(RetryPolicy{MaxAttempts: 1}))
				_, err := through(t, c, http.MethodGet, path, nil)
				if err == nil {
					t.Fatal("no error")
				}
				if requests.Load() != 1 {
					t.Errorf("%d requests", requests.Load())
				}
				seen := log.String()
				for e := err; e != nil; e = errors.Unwrap(e) {
					seen += fmt.Sprintf("%v %+v %#v", e, e, e)
				}
				var rejected *APIError
				if errors.As(err, &rejected) {
					seen += string(rejected.Body) + rejected.RequestID + rejected.Message
				}
				if strings.Contains(seen, testKey) || strings.Contains(seen, url.QueryEscape(testKey)) || path == "/v1/query" && errors.As(err, new(*url.Error)) {
					t.Errorf("the key is in %s", seen)
				}
			})
		}
	}
}

// What a rejected key may be about depends on where it was sent.
func TestAdviceAboutTheKeyFollowsTheContract(t *testing.T) {
	t.Parallel()
	base, _ := testkit.Serve(t, testkit.Respond(http.StatusUnauthorized, ""))
	c := newEvolvedClient(t, serviceOf(t, "keys.json"), base)
	for path, want := range map[string]string{
		"/v1/today": "try its other form (the bare key", "/v1/header": "rejected the key; check it; ", "/v1/query": "rejected the key; check it; ",
		"/v1/bearer": "rejected the key; check it; ", "/v1/none": "the contract has no key for this operation",
	} {
		_, err := through(t, c, http.MethodGet, path, nil)
		if !errors.Is(err, ErrUnauthorized) || !strings.Contains(err.Error(), want) || want != "try its other form (the bare key" && strings.Contains(err.Error(), "other form") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
