package wrapper

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestNewClientFromEnv(t *testing.T) {
	url, requests := testkit.Serve(t, testkit.Respond(200, testkit.DeletedBody))
	t.Setenv(EnvAPIKey, testKey)
	t.Setenv(EnvBaseURL, url)
	c, err := NewClientFromEnv(quick)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
	other, otherRequests := testkit.Serve(t, testkit.Respond(200, testkit.DeletedBody))
	c, err = NewClientFromEnv(quick, WithBaseURL(other))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil || otherRequests.Load() != 1 {
		t.Errorf("an option does not override %s: %v", EnvBaseURL, err)
	}
}

func TestNewClientFromEnvReadsTheFormOfTheKey(t *testing.T) {
	got := make(chan string, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("Authorization")
		testkit.Respond(200, testkit.DeletedBody)(w, r)
	})
	t.Setenv(EnvAPIKey, testKey)
	t.Setenv(EnvBaseURL, url)
	for _, tt := range []struct {
		auth string
		opts []Option
		want string
	}{
		{"", nil, "Bearer " + testKey},
		{"bearer", nil, "Bearer " + testKey},
		{" Bare ", nil, testKey},
		{"bearer", []Option{WithBareKey()}, testKey},
		{"basic", []Option{WithBareKey()}, testKey}, // the option says it already
	} {
		t.Setenv(EnvAuth, tt.auth)
		c, err := NewClientFromEnv(append(tt.opts, quick)...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil {
			t.Error(err)
		}
		if header := <-got; header != tt.want {
			t.Errorf("%s=%s: sent %q", EnvAuth, tt.auth, header)
		}
	}
	t.Setenv(EnvAuth, "basic")
	if _, err := NewClientFromEnv(); !errors.Is(err, ErrInvalidOption) || !strings.Contains(err.Error(), EnvAuth) {
		t.Errorf("another form: %v", err)
	}
}

// The zero value is no client, and says so.
func TestZeroClient(t *testing.T) {
	t.Parallel()
	var zero Client
	var none *Client
	for _, c := range []*Client{&zero, none} {
		_, deleteErr := c.DeleteImagesTask(t.Context(), oneTask)
		_, infoErr := c.InfoByTaskID(t.Context(), "a")
		_, waitErr := c.WaitForTask(t.Context(), "a", WaitOptions{})
		_, generateErr := c.ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "a fox"})
		_, downloadErr := c.Download(t.Context(), "https://images.test/a.png", io.Discard)
		_, fileErr := c.DownloadFile(t.Context(), "https://images.test/a.png", filepath.Join(t.TempDir(), "a.png"))
		for _, err := range []error{deleteErr, infoErr, waitErr, generateErr, downloadErr, fileErr} {
			if !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) {
				t.Errorf("got %v", err)
			}
		}
		yields := 0
		for ids, err := range c.PurgeImagesTasks(t.Context(), slices.Values([]string{"a"}), PurgeOptions{}) {
			if yields++; ids != nil || !errors.Is(err, ErrInvalidRequest) {
				t.Errorf("purge: %q, %v", ids, err)
			}
		}
		if yields != 1 {
			t.Errorf("purge: %d yields", yields)
		}
	}
	zero.CloseIdleConnections() // does nothing
	none.CloseIdleConnections()
	if zero.Generated() != nil {
		t.Error("Generated of the zero value is not nil")
	}
}

func TestNewClientFromEnvRefuses(t *testing.T) {
	t.Setenv(EnvAPIKey, "")
	t.Setenv(EnvBaseURL, "")
	if _, err := NewClientFromEnv(); !errors.Is(err, ErrInvalidKey) || !strings.Contains(err.Error(), EnvAPIKey) {
		t.Errorf("no key: %v", err)
	}
	t.Setenv(EnvAPIKey, testKey)
	if _, err := NewClientFromEnv(); err != nil {
		t.Errorf("an empty %s stands for the default: %v", EnvBaseURL, err)
	}
	t.Setenv(EnvBaseURL, "http://api.tensorslab.com")
	if _, err := NewClientFromEnv(WithBaseURL("https://api.test")); err != nil {
		t.Errorf("an option does not override a malformed %s: %v", EnvBaseURL, err)
	}
	if _, err := NewClientFromEnv(); !errors.Is(err, ErrInvalidOption) || !strings.Contains(err.Error(), EnvBaseURL) {
		t.Errorf("bad base URL: %v", err)
	}
}

func TestClientIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(200, testkit.DeletedBody))
	c := newTestClient(t, url)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if requests.Load() != 32 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestGeneratedGoesThroughTheEngine(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("Authorization")
		testkit.Respond(200, testkit.DeletedBody)(w, r)
	})
	resp, err := newTestClient(t, url).Generated().DeleteImagesTaskWithResponse(t.Context(), oneTask)
	if err != nil || resp.JSON200 == nil || resp.JSON200.Code != CodeSuccess || <-got != "Bearer "+testKey {
		t.Errorf("got %+v, %v", resp, err)
	}
}

func TestGeneratedRefusesRequestsThatBreakTheContract(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(200, testkit.DeletedBody))
	g := newTestClient(t, url).Generated()
	send := func(contentType, body string) error {
		_, err := g.DeleteImagesTaskWithBodyWithResponse(t.Context(), contentType, strings.NewReader(body))
		return err
	}
	tests := map[string]error{
		"nil ids, sent as null": func() error {
			_, err := g.DeleteImagesTaskWithResponse(t.Context(), generated.DeleteImagesTaskRequest{})
			return err
		}(),
		"no ids at all":  send("application/json", `{}`),
		"not JSON":       send("application/json", `{"taskids":[`),
		"numbers":        send("APPLICATION/JSON; charset=utf-8", `{"taskids":[1]}`),
		"trailing bytes": send("application/json", `{"taskids":["a"]}x`),
	}
	for name, err := range tests {
		var e *RequestError
		if !errors.As(err, &e) || !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests were sent", requests.Load())
	}
}

// Both pools are closed, and a client whose pools are closed still works.
func TestCloseIdleConnections(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{}, 9)
	host := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			testkit.Respond(http.StatusOK, testkit.DeletedBody)(w, r)
			return
		}
		_, _ = io.WriteString(w, picture(9))
	}))
	host.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- struct{}{}
		}
	}
	host.Start()
	t.Cleanup(host.Close)
	c := newTestClient(t, host.URL)
	for name, use := range map[string]func() error{
		"downloads": func() error { _, err := c.Download(t.Context(), host.URL, io.Discard); return err },
		"service":   func() error { _, err := c.DeleteImagesTask(t.Context(), oneTask); return err },
	} {
		for range 2 {
			if err := use(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			c.CloseIdleConnections()
			<-closed
		}
	}
}
