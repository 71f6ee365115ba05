package batch

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// What the tests of this package share.

const testKey = "test-key-0123456789"

// soon hardly waits: the fake counts queries and not time.
var soon = wrapper.WaitOptions{Interval: time.Millisecond, MaxInterval: 5 * time.Millisecond}

func clientOf(tb testing.TB, url string, hc *http.Client) *wrapper.Client {
	tb.Helper()
	c, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(url), wrapper.WithHTTPClient(hc),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true, Transport: testkit.Transport(tb)}),
		wrapper.WithRetry(wrapper.RetryPolicy{Backoff: time.Millisecond}))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func start(t *testing.T, opts ...fakeapi.Option) (*fakeapi.Server, *wrapper.Client) {
	t.Helper()
	srv := fakeapi.Start(t, opts...)
	return srv, clientOf(t, srv.URL, srv.Client())
}

func journalAt(tb testing.TB, path string) *FileJournal {
	tb.Helper()
	j, err := OpenJournal(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = j.Close() })
	return j
}

func newJournal(tb testing.TB) *FileJournal {
	tb.Helper()
	return journalAt(tb, filepath.Join(tb.TempDir(), "tasks.jsonl"))
}

func job(key, prompt string) Job {
	return Job{Key: key, Request: wrapper.GenerateRequest{Prompt: prompt}}
}

// numbered yields n jobs with the keys 000, 001 and so on.
func numbered(n int) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		for i := range n {
			if !yield(job(fmt.Sprintf("%03d", i), fmt.Sprintf("prompt %03d", i)), nil) {
				return
			}
		}
	}
}

// outcome is what a run yielded.
type outcome struct {
	results map[string]Result
	order   []string
	err     error
}

func (o *outcome) count(s State) (n int) {
	for _, r := range o.results {
		if r.State == s {
			n++
		}
	}
	return n
}

// collect takes all that a run yields, and checks what holds for each run: no
// job is yielded twice, and nothing comes after the error.
func collect(ctx context.Context, t *testing.T, c *wrapper.Client, j Journal, jobs iter.Seq2[Job, error], opts Options) *outcome { //nolint:revive // ctx is first
	t.Helper()
	o := &outcome{results: map[string]Result{}}
	for r, err := range Run(ctx, c, j, jobs, opts) {
		if o.err != nil {
			t.Errorf("after the error comes %+v, %v", r, err)
		}
		if err != nil {
			o.err = err
			continue
		}
		o.order = append(o.order, r.Key)
		if before, again := o.results[r.Key]; again && r.Err == nil {
			t.Errorf("yielded twice: %+v and %+v", before, r)
		}
		o.results[r.Key] = r
	}
	return o
}

func entryOf(t *testing.T, j Journal, key string) Entry {
	t.Helper()
	e, _, err := j.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// errRefused is what a machine without the service responds to a connection.
var errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

func respond(req *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: req,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

// writer is what an Options.Save passes to open.
type writer = io.Writer

// silentClient has a service that reads requests and never responds.
func silentClient(t *testing.T) *wrapper.Client {
	t.Helper()
	silent := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	c, err := wrapper.NewClient(testKey, wrapper.WithHTTPClient(&http.Client{Transport: silent}), wrapper.WithTimeout(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
