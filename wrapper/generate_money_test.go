package wrapper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

// dialling returns an option for a client whose nth connection leads to the nth
// address, and all others to the last.
func dialling(t *testing.T, addresses ...string) Option {
	t.Helper()
	var n atomic.Int32
	transport := newTransport().(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addresses[min(int(n.Add(1)), len(addresses))-1])
	}
	t.Cleanup(transport.CloseIdleConnections)
	return WithHTTPClient(&http.Client{Transport: transport})
}

func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestAGenerationThatFoundNoConnectionIsSentWhole(t *testing.T) {
	t.Parallel()
	data := strings.Repeat("0123456789", onDisk/10)
	source := newTestSource(t, "a.png", strings.NewReader(data))
	for name, generate := range generators {
		service, url := newStudio(t, answers(200, taskBody))
		closed := closedAddress(t)
		c := newTestClient(t, url, dialling(t, closed, closed, strings.TrimPrefix(url, "http://")))
		if _, err := generate(t.Context(), c, "p", "", source.File(), file("b", png)); err != nil {
			t.Fatal(name, err)
		}
		got := service.all()
		if len(got) != 1 || got[0].parts[0].String() != "prompt=p" || got[0].length <= 0 {
			t.Fatalf("%s: %d submissions", name, len(got))
		}
		if name != "zImage" && (len(got[0].parts) != 3 || got[0].parts[1].data != data || got[0].parts[2].data != string(png)) {
			t.Errorf("%s: the files are not whole", name)
		}
	}
}

func TestAGenerationThatFindsNoConnectionAtAll(t *testing.T) {
	t.Parallel()
	_, err := generateOne(t.Context(), newTestClient(t, "http://"+closedAddress(t)), file("a", png))
	var e *TransportError
	if !errors.As(err, &e) || e.Attempts != 3 || strings.Join(matching(err), " ") != "NotSent" {
		t.Errorf("got %v", err)
	}
}

// A connection that served once is lost with the second request: net/http
// resends by itself what it takes for idempotent, and a header is enough.
func TestAGenerationLostOnAUsedConnection(t *testing.T) {
	t.Parallel()
	header := func(name string) Option {
		return WithRequestEditor(func(_ context.Context, req *http.Request) error {
			req.Header.Set(name, "1")
			return nil
		})
	}
	body := []byte("--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\np\r\n--b--\r\n")
	calls := map[string]func(*Client) error{
		"method": func(c *Client) error { _, err := generateOne(t.Context(), c, file("a", png)); return err },
		"generated": func(c *Client) error {
			_, err := c.Generated().ZImageWithBodyWithResponse(t.Context(), "multipart/form-data; boundary=b", bytes.NewReader(body))
			return err
		},
	}
	options := map[string]Option{"plain": header("X-Other"), "key": header("Idempotency-Key"), "other key": header("X-Idempotency-Key")}
	for callName, call := range calls {
		for optionName, option := range options {
			t.Run(callName+" "+optionName, func(t *testing.T) {
				t.Parallel()
				service, url := newStudio(t, sequence(answers(200, taskBody), hangUp))
				c := newTestClient(t, url, option)
				if err := call(c); err != nil {
					t.Fatal(err)
				}
				if err := call(c); strings.Join(matching(err), " ") != "OutcomeUnknown" {
					t.Errorf("got %v", err)
				}
				if n := len(service.all()); n != 2 {
					t.Errorf("%d submissions for 2 calls", n)
				}
			})
		}
	}
}

// The server closes idle connections while new requests come: whatever they
// meet, what failed was submitted at most once, and what succeeded just once.
func TestGenerationsOnConnectionsThatTheServerCloses(t *testing.T) {
	t.Parallel()
	service := &studio{t: t, answer: answers(200, taskBody)}
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	c := newTestClient(t, server.URL)
	for i := range 100 {
		prompt := fmt.Sprint("number ", i)
		_, err := generators["zImage"](t.Context(), c, prompt, "")
		n := 0
		for _, s := range service.all() {
			if s.parts[0].data == prompt {
				n++
			}
		}
		if n > 1 || err == nil && n != 1 || err != nil && !errors.Is(err, ErrOutcomeUnknown) && (n != 0 || !errors.Is(err, ErrNotSent)) {
			t.Errorf("%d submissions, %v", n, err)
		}
		go server.CloseClientConnections()
	}
}

func TestAGenerationIsNotRepeatedAfterAnyAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{408, 425, 429, 500, 502, 503, 504} {
		service, url := newStudio(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "0")
			answers(status, `{"code":9999,"msg":"later"}`)(w, r)
		})
		_, err := generateOne(t.Context(), newTestClient(t, url))
		var e *APIError
		if !errors.As(err, &e) || e.Attempts != 1 || len(service.all()) != 1 {
			t.Errorf("%d: %v after %d submissions", status, err, len(service.all()))
		}
	}
}

// The key is echoed wherever a server can.
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
	for name, answer := range map[string]http.HandlerFunc{
		"refusal": echo(400, `{"code":9999,"msg":"no such key: %s"}`), "no task id": echo(200, `{"code":1000,"msg":"%s","data":{"taskid":""}}`),
		"type": echo(200, `{"code":1000,"msg":"%s","data":[]}`), "server error": echo(500, `%s`), "lost": hangUp,
	} {
		_, url := newStudio(t, answer)
		_, err := generateOne(t.Context(), newTestClient(t, url), file("a", png))
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); err == nil || strings.Contains(text, testKey) || strings.Contains(text, "lighthouse") || len(err.Error()) >= 1024 {
			t.Errorf("%s: got %s", name, text)
		}
	}
}

func TestConcurrentGenerations(t *testing.T) {
	t.Parallel()
	service, url := newStudio(t, answers(200, taskBody))
	c := newTestClient(t, url)
	source := newTestSource(t, "a.png", strings.NewReader(strings.Repeat("x", onDisk)))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan error)
	for range 8 {
		go func() {
			_, err := c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{Prompt: "p", SourceImage: []types.File{source.File()}})
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for _, s := range service.all() {
		if len(s.parts) != 2 || len(s.parts[1].data) != onDisk {
			t.Error("a source is not whole")
		}
	}
}
