package wrapper

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

const createdBody = `{"code":1000,"msg":"Task created successfully","data":{"taskid":"abcd_1234567890abcdef"}}`

// models are the four generations, each with a request of its own.
var models = map[string]struct {
	path string
	call func(ctx context.Context, c *Client) (*generated.GeneralResponse, error)
	sent []sentPart
}{
	opSeeDreamV4: {"/v1/images/seedreamv4", func(ctx context.Context, c *Client) (*generated.GeneralResponse, error) {
		return c.SeeDreamV4(ctx, generated.SeeDreamV4MultipartRequestBody{Prompt: "a fox", Resolution: "16:9"})
	}, []sentPart{{Name: "prompt", Content: "a fox"}, {Name: "resolution", Content: "16:9"}}},
	opSeeDreamV45: {"/v1/images/seedreamv45", func(ctx context.Context, c *Client) (*generated.GeneralResponse, error) {
		return c.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox", Batchsize: 2, SourceImage: []types.File{file("a.png", pngHead), file("b.png", pngHead)}})
	}, []sentPart{{Name: "batchsize", Content: "2"}, {Name: "prompt", Content: "a fox"}, {"sourceImage", "a.png", "image/png", pngHead}, {"sourceImage", "b.png", "image/png", pngHead}}},
	opSeeDreamV5: {"/v1/images/seedreamv5", func(ctx context.Context, c *Client) (*generated.GeneralResponse, error) {
		return c.SeeDreamV5(ctx, generated.SeeDreamV5MultipartRequestBody{Prompt: "a fox", ImageURL: "http://a.test/b.png"})
	}, []sentPart{{Name: "imageUrl", Content: "http://a.test/b.png"}, {Name: "prompt", Content: "a fox"}}},
	opZImage: {"/v1/images/zimage", func(ctx context.Context, c *Client) (*generated.GeneralResponse, error) {
		return c.ZImage(ctx, generated.ZImageMultipartRequestBody{Prompt: "a fox", Seed: new(int), Resolution: "1024*1024"})
	}, []sentPart{{Name: "prompt", Content: "a fox"}, {Name: "resolution", Content: "1024*1024"}, {Name: "seed", Content: "0"}}},
}

func TestGenerationsOverTheWire(t *testing.T) {
	t.Parallel()
	for op, model := range models {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != model.path || r.Header.Get("Authorization") != testKey || r.ContentLength <= 0 {
					t.Errorf("%s, key %q, %d bytes", r.URL.Path, r.Header.Get("Authorization"), r.ContentLength)
				}
				if d := cmp.Diff(model.sent, readForm(t, r.Header.Get("Content-Type"), r.Body)); d != "" {
					t.Errorf("-want +got:\n%s", d)
				}
				answers(200, createdBody)(w, r)
			})
			resp, err := model.call(t.Context(), newTestClient(t, url))
			if err != nil || resp.Data.TaskID != "abcd_1234567890abcdef" || requests.Load() != 1 {
				t.Errorf("%+v, %v after %d requests", resp, err, requests.Load())
			}
		})
	}
}

// A generation is sent once, whatever comes of it.
func TestGenerationsAreSentOnce(t *testing.T) {
	t.Parallel()
	after := func(handler http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			handler(w, r)
		}
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		is, not []error
	}{
		"dropped after the upload": {after(hangUp), []error{ErrOutcomeUnknown}, []error{ErrNotSent}},
		"dropped at once":          {hangUp, []error{ErrOutcomeUnknown}, []error{ErrNotSent}},
		"cut answer": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "999")
			answers(200, createdBody)(w, r)
		}, []error{ErrOutcomeUnknown}, nil},
		"500":                     {answers(500, ""), []error{ErrServer, ErrOutcomeUnknown}, nil},
		"502":                     {answers(502, "<html>"), []error{ErrServer, ErrOutcomeUnknown}, nil},
		"503":                     {answers(503, ""), []error{ErrServer}, []error{ErrOutcomeUnknown}},
		"429":                     {answers(429, ""), []error{ErrRateLimited}, []error{ErrOutcomeUnknown}},
		"401":                     {answers(401, ""), []error{ErrUnauthorized}, []error{ErrOutcomeUnknown}},
		"credits":                 {answers(200, `{"code":9000,"msg":"no credits"}`), []error{ErrInsufficientCredits}, []error{ErrOutcomeUnknown, ErrContract}},
		"failure":                 {answers(200, `{"code":9999,"msg":"no","data":{}}`), []error{ErrFailure}, []error{ErrOutcomeUnknown}},
		"page":                    {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, []error{ErrContract, ErrOutcomeUnknown}, nil},
		"no data":                 {answers(200, `{"code":1000,"msg":"OK"}`), []error{ErrContract, ErrOutcomeUnknown}, nil},
		"no task id":              {answers(200, `{"code":1000,"msg":"OK","data":{}}`), []error{ErrContract, ErrOutcomeUnknown}, nil},
		"empty task id":           {answers(200, `{"code":1000,"msg":"OK","data":{"taskid":""}}`), []error{ErrContract, ErrOutcomeUnknown}, nil},
		"blank task id":           {answers(200, `{"code":1000,"msg":"OK","data":{"taskid":" \t"}}`), []error{ErrContract, ErrOutcomeUnknown}, nil},
		"task id of a wrong type": {answers(200, `{"code":1000,"msg":"OK","data":{"taskid":7}}`), []error{ErrContract, ErrOutcomeUnknown}, nil},
		"url as a list":           {answers(200, `{"code":1000,"msg":"OK","data":{"taskid":"a","url":[]}}`), []error{ErrContract, ErrOutcomeUnknown}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, tt.handler)
			_, err := models[opSeeDreamV45].call(t.Context(), newTestClient(t, url))
			for _, sentinel := range tt.is {
				if !errors.Is(err, sentinel) {
					t.Errorf("%v; want %v", err, sentinel)
				}
			}
			for _, sentinel := range tt.not {
				if errors.Is(err, sentinel) {
					t.Errorf("%v; not %v", err, sentinel)
				}
			}
			if requests.Load() != 1 {
				t.Errorf("%d requests", requests.Load())
			}
			if text := err.Error(); errors.Is(err, ErrOutcomeUnknown) && !strings.Contains(text, "find out before repeating it") || strings.Contains(text, testKey) {
				t.Errorf("text: %s", text)
			}
		})
	}
}

// A connection that was idle too long is the one thing that net/http repeats by
// itself, and only if nothing was written to it.
func TestGenerationOnAStaleConnectionIsSentOnce(t *testing.T) {
	t.Parallel()
	var generations atomic.Int32
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == models[opSeeDreamV45].path {
			generations.Add(1)
			_, _ = io.Copy(io.Discard, r.Body)
			server.CloseClientConnections() // the answer is lost with the connection
			return
		}
		answers(200, successBody)(w, r)
	}))
	t.Cleanup(server.Close)
	c := newTestClient(t, server.URL)
	if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil {
		t.Fatal(err)
	}
	_, err := models[opSeeDreamV45].call(t.Context(), c)
	if !errors.Is(err, ErrOutcomeUnknown) || generations.Load() != 1 {
		t.Errorf("%v after %d submissions", err, generations.Load())
	}
}

// What was certainly not sent is sent again, whole.
func TestGenerationIsRepeatedIfNothingWasSent(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if d := cmp.Diff(models[opSeeDreamV45].sent, readForm(t, r.Header.Get("Content-Type"), r.Body)); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
		answers(200, createdBody)(w, r)
	})
	var dials atomic.Int32
	transport := newTransport().(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) == 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	t.Cleanup(transport.CloseIdleConnections)
	c := newTestClient(t, url, WithHTTPClient(&http.Client{Transport: transport}))
	if _, err := models[opSeeDreamV45].call(t.Context(), c); err != nil || requests.Load() != 1 || dials.Load() != 2 {
		t.Errorf("%v after %d requests and %d dials", err, requests.Load(), dials.Load())
	}
}

func TestGenerationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	url, requests := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		_, _ = io.Copy(io.Discard, r.Body) // until the client hangs up
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	large := file("a.png", pngHead+strings.Repeat("x", 8<<20))
	_, err := newTestClient(t, url).SeeDreamV4(ctx, generated.SeeDreamV4MultipartRequestBody{Prompt: "a", SourceImage: []types.File{large}})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrOutcomeUnknown) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

// A refusal that comes before the end of the upload is still the service's word.
func TestGenerationIsRefusedDuringTheUpload(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":9999,"msg":"no"}`)
	})
	_, err := newTestClient(t, url).SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{
		Prompt: "a", SourceImage: []types.File{file("a.png", strings.Repeat("x", 1<<20))}})
	if !errors.Is(err, ErrUnauthorized) && !errors.Is(err, ErrOutcomeUnknown) {
		t.Errorf("%v", err)
	}
}

// The source is gone when the request is sent again, or in the middle of it.
func TestGenerationWhoseSourceIsGone(t *testing.T) {
	t.Parallel()
	source, err := NewSource("a.png", strings.NewReader(strings.Repeat("x", 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	url, requests := serve(t, answers(200, createdBody))
	closeSource := func(context.Context, *http.Request) error { return source.Close() }
	c := newTestClient(t, url, WithRequestEditor(closeSource), WithTimeout(5*time.Second))
	_, err = c.SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{Prompt: "a", SourceImage: []types.File{source.File()}})
	if err == nil || !strings.Contains(err.Error(), "a source image can't be opened") || requests.Load() > 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}
