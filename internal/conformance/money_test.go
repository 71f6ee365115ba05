package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A generation that found no connection was certainly not sent: it is sent
// again, whole.
func TestGenerationWithoutAConnectionIsSentWhole(t *testing.T) {
	t.Parallel()
	data := string(testkit.PNG) + strings.Repeat("0123456789", onDisk/10)
	source := newSource(t, strings.NewReader(data))
	for name, generate := range generators {
		service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
		closed := testkit.ClosedPort(t)
		c := newClient(t, url, testkit.Dialling(t, closed, closed, strings.TrimPrefix(url, "http://")), fast)
		if _, err := generate(t.Context(), c, "p", source.File(), testkit.File("b", testkit.PNG)); err != nil {
			t.Fatal(name, err)
		}
		got := service.Submissions()
		if len(got) != 1 || got[0].Parts[0].String() != "prompt=p" || got[0].Length <= 0 {
			t.Fatalf("%s: %d submissions", name, len(got))
		}
		if name != "zImage" && (len(got[0].Parts) != 3 || got[0].Parts[1].Data != data || got[0].Parts[2].Data != string(testkit.PNG)) {
			t.Errorf("%s: the files are not whole", name)
		}
	}
}

func TestGenerationThatFindsNoConnectionAtAll(t *testing.T) {
	t.Parallel()
	err := generate(t.Context(), newRetryingClient(t, "http://"+testkit.ClosedPort(t)), aFile())
	checkFault(t, err, notSent(), 3)
}

// A connection that served one request is lost with the second. The outcome is
// unknown, and net/http must not resend the request: it would if a header made
// it seem idempotent.
func TestGenerationLostOnAUsedConnection(t *testing.T) {
	t.Parallel()
	body := []byte("--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\np\r\n--b--\r\n")
	calls := map[string]func(*wrapper.Client) error{
		"method": func(c *wrapper.Client) error { return generate(t.Context(), c, aFile()) },
		"generated": func(c *wrapper.Client) error {
			_, err := c.Generated().ZImageWithBodyWithResponse(t.Context(), "multipart/form-data; boundary=b", bytes.NewReader(body))
			return err
		},
	}
	headers := map[string]string{"plain": "X-Other", "key": "Idempotency-Key", "other key": "X-Idempotency-Key"}
	for callName, call := range calls {
		for headerName, header := range headers {
			t.Run(callName+" "+headerName, func(t *testing.T) {
				t.Parallel()
				service, url := testkit.NewFormServer(t, testkit.Sequence(testkit.Respond(200, testkit.TaskCreatedBody), testkit.HangUp))
				c := newRetryingClient(t, url, wrapper.WithRequestEditor(func(_ context.Context, req *http.Request) error {
					req.Header.Set(header, "1")
					return nil
				}))
				if err := call(c); err != nil {
					t.Fatal(err)
				}
				if err := call(c); matching(err) != "OutcomeUnknown" {
					t.Errorf("got %v", err)
				}
				if n := len(service.Submissions()); n != 2 {
					t.Errorf("%d submissions for 2 calls", n)
				}
			})
		}
	}
}

// The server closes connections while new requests come: what failed was
// submitted at most once, and what succeeded exactly once.
func TestGenerationsOnConnectionsThatTheServerCloses(t *testing.T) {
	t.Parallel()
	service, _ := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	c := newRetryingClient(t, server.URL)
	for i := range 100 {
		prompt := fmt.Sprint("number ", i)
		_, err := generators["zImage"](t.Context(), c, prompt)
		n := 0
		for _, s := range service.Submissions() {
			if s.Parts[0].Data == prompt {
				n++
			}
		}
		if n > 1 || err == nil && n != 1 || err != nil && !errors.Is(err, wrapper.ErrOutcomeUnknown) && (n != 0 || !errors.Is(err, wrapper.ErrNotSent)) {
			t.Errorf("%d submissions, %v", n, err)
		}
		go server.CloseClientConnections()
	}
}

func TestGenerationIsNotRepeatedAfterAnyResponse(t *testing.T) {
	t.Parallel()
	for _, status := range []int{408, 425, 429, 500, 502, 503, 504} {
		service, url := testkit.NewFormServer(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "0")
			testkit.Respond(status, `{"code":9999,"msg":"later"}`)(w, r)
		})
		err := generate(t.Context(), newRetryingClient(t, url))
		var e *wrapper.APIError
		if !errors.As(err, &e) || e.Attempts != 1 || len(service.Submissions()) != 1 {
			t.Errorf("%d: %v after %d submissions", status, err, len(service.Submissions()))
		}
	}
}

// The server repeats the key wherever it can.
func TestErrorsOfAGenerationHoldNoKey(t *testing.T) {
	t.Parallel()
	echo := func(status int, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
			w.WriteHeader(status)
			fmt.Fprintf(w, format, r.Header.Get("Authorization"))
		}
	}
	for name, respond := range map[string]http.HandlerFunc{
		"refusal": echo(400, `{"code":9999,"msg":"no such key: %s"}`), "no task id": echo(200, `{"code":1000,"msg":"%s","data":{"taskid":""}}`),
		"type": echo(200, `{"code":1000,"msg":"%s","data":[]}`), "server error": echo(500, `%s`), "lost": testkit.HangUp,
	} {
		_, url := testkit.NewFormServer(t, respond)
		err := generate(t.Context(), newRetryingClient(t, url), aFile())
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "lighthouse") {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		checkText(t, err)
		checkPrinted(t, testKey, name, err)
	}
}

func TestConcurrentGenerations(t *testing.T) {
	t.Parallel()
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newRetryingClient(t, url)
	source := newSource(t, testkit.Image(onDisk))
	done := make(chan error)
	for range 8 {
		go func() {
			_, err := generators["seeDreamV5"](t.Context(), c, "p", source.File())
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	submissions := service.Submissions()
	if len(submissions) != 8 {
		t.Errorf("%d submissions", len(submissions))
	}
	for _, s := range submissions {
		if len(s.Parts) != 2 || len(s.Parts[1].Data) != onDisk {
			t.Error("a source is not whole")
		}
	}
}
