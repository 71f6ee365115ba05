package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The key travels in one header of one request to one place.
func TestSecretsKeyTravelsInOneHeader(t *testing.T) {
	t.Parallel()
	for _, key := range keys {
		key := strings.TrimPrefix(key, "Bearer ")
		for _, want := range []string{key, "Bearer " + key} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if got := r.Header.Values("Authorization"); len(got) != 1 || got[0] != want {
					t.Errorf("Authorization = %q, want %q", got, want)
				}
				r.Header.Del("Authorization")
				if dump, err := httputil.DumpRequest(r, true); err != nil || leaks(string(dump), key) {
					t.Errorf("the key is elsewhere in the request, too: %s, %v", dump, err)
				}
				_, _ = io.WriteString(w, successBody)
			}))
			t.Cleanup(server.Close)
			options := []wrapper.Option{wrapper.WithBaseURL(server.URL), wrapper.WithValidation(wrapper.Off), wrapper.WithHTTPClient(&http.Client{Transport: testkit.Transport(t)})}
			if want == key {
				options = append(options, wrapper.WithBareKey())
			}
			client, err := wrapper.NewClient(" "+key+"\n", options...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.DeleteImagesTask(t.Context(), oneID); err != nil {
				t.Error(err)
			}
		}
	}
}

// net/http would keep the key for another port or a subdomain, and 307 and 308
// would carry the ids to any host.
func TestSecretsRedirectTargetsGetNothing(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(target.Close)
	eager := &http.Client{Transport: testkit.Transport(t), CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{target.URL, "//" + strings.TrimPrefix(target.URL, "http://"), "/again", "https://user:pass@" + strings.TrimPrefix(target.URL, "http://")} {
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			}))
			client := newClient(t, server.URL, nil, wrapper.WithHTTPClient(eager))
			_, err := client.DeleteImagesTask(t.Context(), oneID)
			_, plainErr := newPlainClient(t, server.URL, eager).DeleteImagesTaskWithResponse(t.Context(), oneID)
			server.Close()
			if !errors.Is(err, wrapper.ErrRedirected) || !errors.Is(plainErr, wrapper.ErrRedirected) || requests.Load() != 2 {
				t.Errorf("%d to %s: %d requests, %v, %v", status, location, requests.Load(), err, plainErr)
			}
		}
	}
	if n := followed.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

// A doer that follows redirects itself gets no success out of them.
func TestSecretsDoerThatFollows(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/end" {
			http.Redirect(w, r, "/end", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, successBody)
	}))
	t.Cleanup(server.Close)
	following := testkit.DoerFunc((&http.Client{Transport: testkit.Transport(t)}).Do)
	_, err := newPlainClient(t, server.URL, following).DeleteImagesTaskWithResponse(t.Context(), oneID)
	if !errors.Is(err, wrapper.ErrRedirected) {
		t.Errorf("got %v", err)
	}
}

// Editors run before the key is there, and can't take it elsewhere.
func TestSecretsRequestEditors(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	otherURL, _ := url.Parse(other.URL)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, successBody)
	}))
	t.Cleanup(server.Close)
	editors := map[string]func(context.Context, *http.Request) error{
		"prints the header":  func(_ context.Context, req *http.Request) error { return fmt.Errorf("no: %v", req.Header) },
		"fails with a value": func(_ context.Context, req *http.Request) error { return headerError{req.Header} },
		"another host":       func(_ context.Context, req *http.Request) error { req.URL.Host = otherURL.Host; return nil },
		"another scheme":     func(_ context.Context, req *http.Request) error { req.URL.Scheme = "https"; return nil },
		"another path":       func(_ context.Context, req *http.Request) error { req.URL.Path = "/v1/images/other"; return nil },
		"dots in the path":   func(_ context.Context, req *http.Request) error { req.URL.Path = "/v1/../../x"; return nil },
		"an opaque address": func(_ context.Context, req *http.Request) error {
			req.URL.Opaque = "//" + otherURL.Host + "/x"
			return nil
		},
		"another method": func(_ context.Context, req *http.Request) error { req.Method = http.MethodGet; return nil },
		"user info": func(_ context.Context, req *http.Request) error {
			req.URL.User = url.UserPassword("u", "p")
			return nil
		},
		"a key of its own":     func(_ context.Context, req *http.Request) error { req.Header.Set("Authorization", "mine"); return nil },
		"looks for the header": func(_ context.Context, req *http.Request) error { return checkNoKey(req) },
	}
	allowed := map[string]bool{"user info": true, "a key of its own": true, "looks for the header": true}
	for name, edit := range editors {
		client := newClient(t, server.URL, testkit.Transport(t), wrapper.WithRequestEditor(edit))
		_, err := client.DeleteImagesTask(t.Context(), oneID)
		if allowed[name] && err != nil || !allowed[name] && (!errors.Is(err, wrapper.ErrInvalidRequest) || !errors.Is(err, wrapper.ErrNotSent)) {
			t.Errorf("%s: got %v", name, err)
		}
		if err != nil {
			checkText(t, err)
			checkPrinted(t, testKey, name, err)
		}
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

func checkNoKey(req *http.Request) error {
	if v := req.Header.Values("Authorization"); len(v) != 0 {
		return errors.New("the key is there")
	}
	return nil
}

// The key goes over http to nobody but this machine, and a password in an
// address is not printed.
func TestSecretsBaseURL(t *testing.T) {
	t.Setenv(wrapper.EnvAPIKey, testKey)
	const password = "hunter2-S3cr3t"
	for _, base := range []string{
		"http://api.tensorslab.com", "http://10.0.0.1", "http://[::2]", "http://0.0.0.0", "http://localhost.example.com", "http://127.0.0.1.nip.io",
		"HTTP://API.TENSORSLAB.COM", "ws://localhost", "ftp://localhost", "unix:///run/x",
		"https://user:" + password + "@api.tensorslab.com", "https://" + password + "@api.tensorslab.com",
		"https://user:" + password + "@api.tensorslab.com:port", "https://user:" + password + "@[::1", "http://u:" + password + "@10.0.0.1/%zz",
		"https://api.tensorslab.com/?token=" + password, "https://api.tensorslab.com/#" + password,
		password + "://api.tensorslab.com", "https://api.tensorslab.com:" + password, "https://api.tensorslab.com/\x7f" + password, password,
	} {
		t.Setenv(wrapper.EnvBaseURL, base)
		_, optionErr := wrapper.NewClient(testKey, wrapper.WithBaseURL(base))
		_, envErr := wrapper.NewClientFromEnv()
		_, doerErr := wrapper.NewContractDoer(base, nil)
		for _, err := range []error{optionErr, envErr, doerErr} {
			if !errors.Is(err, wrapper.ErrInvalidOption) {
				t.Errorf("%s is accepted or refused in another way: %v", base, err)
				continue
			}
			checkPrinted(t, password, base, err)
			checkPrinted(t, testKey, base, err)
		}
	}
}
