package images

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

const created = `{"code":1000,"msg":"ok","data":{"taskid":"task-1"}}`

// whileSubmitting returns a session whose service calls do when it has the submission, and
// then responds.
func whileSubmitting(t *testing.T, do func(), status int, body string) (s clitest.Session, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if requests.Add(1) == 1 {
			do()
		}
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": server.URL, "TENSORSLAB_API_KEY": clitest.Key}}, requests
}

// An interruption waits for the response to a submission, and then tells what it says.
func TestInterruptedSubmission(t *testing.T) {
	t.Parallel()
	const (
		waiting = "tensorslab: interrupted; waiting for the response to the submission, because the task may have been paid for; interrupt again to end at once\n"
		goesOn  = "tensorslab: interrupted; the task was created and continues at the service; to continue: tensorslab images wait task-1"
	)
	for name, tt := range map[string]struct {
		status   int
		body     string
		flags    []string
		out, err string // of err the end
		exit     int    // if not that of an interruption
	}{
		"created":         {200, created, nil, "task-1: created by seedreamv45\n", goesOn, 0},
		"created, wait":   {200, created, []string{"--wait"}, "task-1: created by seedreamv45\n", goesOn, 0},
		"created, to out": {200, created, []string{"--out", "."}, "task-1: created by seedreamv45\n", goesOn + ", then: tensorslab images download --out . task-1", 0},
		"no credits": {200, `{"code":9000,"msg":"no","data":{}}`, nil, "",
			`tensorslab: interrupted; HTTP 200, code 9000 "no": not enough credits; the service did not act; add some at https://tensorai.tensorslab.com/`, 0},
		"refused": {401, `{"code":9999,"msg":"no","data":{}}`, nil, "",
			`tensorslab: interrupted; HTTP 401, code 9999 "no": the service rejected the key; the service did not act; check it, or try --bare-key`, 0},
		"lost": {0, "", nil, "", "a task may exist and have cost credits; look for the task in the web console", cli.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			warned := make(chan struct{})
			s, requests := whileSubmitting(t, func() { cancel(); <-warned }, tt.status, tt.body)
			s.Stderr = clitest.WriterFunc(func(p []byte) (int, error) {
				if string(p) == waiting {
					close(warned)
				}
				return len(p), nil
			})
			got := s.RunContext(ctx, append([]string{"images", "generate", "a fox"}, tt.flags...)...)
			clitest.WantStatus(t, got, cmp.Or(tt.exit, cli.Interrupted))
			clitest.WantText(t, "stdout", got.Out, tt.out)
			if !strings.HasPrefix(got.Err, waiting+"tensorslab: interrupted; ") || !strings.Contains(got.Err, tt.err) || strings.Count(got.Err, "\n") != 2 || strings.Contains(got.Err, "nothing was sent") {
				t.Errorf("stderr %q", got.Err)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// An interruption before the submission has a connection ends it, and nothing is sent.
func TestInterruptedBeforeTheSubmission(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, requests := whileSubmitting(t, func() {}, 200, created)
	clitest.WantError(t, s.RunContext(ctx, "images", "generate", "a fox"), cli.Interrupted, "interrupted; nothing was sent")
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}
