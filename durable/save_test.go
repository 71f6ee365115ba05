package durable

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// completed returns a set with a job "a" whose task has completed.
func completed(t *testing.T, opts Options) (*Store, *fakeapi.Server, *WorkerSet) {
	t.Helper()
	s, srv, set := submitted(t, opts, time.Minute, fakeapi.TaskLife{})
	if err := waitOnce(t, set, "a"); err != nil {
		t.Fatal(err)
	}
	return s, srv, set
}

// saveOnce does what River does with a job of the save queue.
func saveOnce(ctx context.Context, set *WorkerSet) error {
	return (&saveWorker{set: set}).Work(ctx, &river.Job[saveArgs]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: saveArgs{"a"}})
}

type opener = func(io.Writer) (wrapper.Downloaded, error)

const signed = "https://bucket.example.com/a.png?X-Amz-Signature=0123456789abcdef#x"

// failedSaves are what can go wrong with an image, and what the row says then.
var failedSaves = map[string]struct {
	save  func(ctx context.Context, open opener) error
	fault func(srv *fakeapi.Server)
	want  string
}{
	"a full disk":      {func(context.Context, opener) error { return errors.New("no space left") }, nil, "image 1 was not saved: no space left"},
	"a signed address": {func(context.Context, opener) error { return errors.New("PUT " + signed + ": 403") }, nil, "PUT https://bucket.example.com/a.png"},
	"the key":          {func(context.Context, opener) error { return fmt.Errorf("bad %s\nline", testKey) }, nil, `bad [redacted]\nline`},
	"a panic":          {func(context.Context, opener) error { panic("oh " + signed) }, nil, "has panicked: oh https://bucket.example.com/a.png"},
	"a lost download": {func(_ context.Context, open opener) error { _, err := open(io.Discard); return err },
		func(srv *fakeapi.Server) { srv.ImageHost().FailNext(9, fakeapi.DropRequest()) }, "image 1 was not saved"},
	"a lost query": {nil, func(srv *fakeapi.Server) {
		srv.FailNextOn("infoByTaskId", 9, fakeapi.Respond(404, "application/json", `{"code":9999,"msg":"no"}`))
	}, "can't be had"},
	"too many images": {nil, func(srv *fakeapi.Server) {
		srv.FailNextOn("infoByTaskId", 1, fakeapi.Respond(200, "application/json",
			`{"code":1000,"msg":"OK","data":{"image_status":3,"url":["https://example.com/a.png"`+strings.Repeat(`,"https://example.com/a.png"`, maxImages)+`]}}`))
	}, "names 151 images"},
	"no image": {nil, func(srv *fakeapi.Server) {
		srv.FailNextOn("infoByTaskId", 1, fakeapi.Respond(200, "application/json", `{"code":1000,"msg":"OK","data":{"image_status":3,"url":[" "]}}`))
	}, "no images"},
}

// Whatever goes wrong with an image, the job stays completed, says why, and comes again.
func TestImagesThatAreNotSaved(t *testing.T) {
	t.Parallel()
	for name, tt := range failedSaves {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := soon()
			opts.Save = func(ctx context.Context, _ batch.Result, _ int, open opener) error { return tt.save(ctx, open) }
			s, srv, set := completed(t, opts)
			if tt.fault != nil {
				tt.fault(srv)
			}
			err := saveOnce(t.Context(), set)
			e := entryOf(t, s, "a")
			if snoozed(err) <= 0 || e.State != batch.Completed || !strings.Contains(e.Error, tt.want) || strings.Contains(e.Error, "Signature") {
				t.Errorf("%v, %+v", err, e)
			}
			if n := count(t, s, "tensorslab_job WHERE failures = 1"); n != 1 {
				t.Errorf("the failure was not counted")
			}
			leaks(t, s)
		})
	}
}

// Save gets what it needs, and all images of a task, as in a batch.
func TestSaveGetsTheTask(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStore(t)
	srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	opts := soon()
	opts.Save = batch.ToDir(dir, "{key}-{model}-{n}{ext}")
	if err := inTx(t, s, batch.Job{Key: "a/b", Request: wrapper.GenerateRequest{Prompt: "a fox", Count: 3}}); err != nil {
		t.Fatal(err)
	}
	work(t, s, c, opts)
	until(t, s, 1, batch.Saved)
	e := entryOf(t, s, "a/b")
	var want []string
	for n := range 3 {
		want = append(want, filepath.Join(dir, fmt.Sprintf("a%%2Fb-seedreamv45-%d.png", n+1)))
	}
	if !slices.Equal(e.Files, want) {
		t.Errorf("%q", e.Files)
	}
	for i, address := range srv.ImageURLs(e.TaskID) {
		got, err := os.ReadFile(want[i])
		if err != nil || len(got) == 0 || !bytes.Equal(got, srv.Image(address)) {
			t.Errorf("%v: not the image %d", err, i+1)
		}
	}
	if leaks := srv.ImageHost().Leaks(); leaks > 0 {
		t.Errorf("the key was sent to the image host %d times", leaks)
	}
}

// A process that is told to stop leaves the images to others, and no failure is counted. One
// that takes too long is a failure.
func TestASaveIsInterrupted(t *testing.T) {
	t.Parallel()
	opts := soon()
	opts.Save = func(ctx context.Context, _ batch.Result, _ int, _ opener) error { <-ctx.Done(); return ctx.Err() }
	s, _, set := completed(t, opts)
	stopped, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if err := saveOnce(stopped, set); snoozed(err) != 0 || count(t, s, "tensorslab_job WHERE failures = 0") != 1 {
		t.Errorf("stopped: %v", err)
	}
	slow, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := saveOnce(slow, set); snoozed(err) <= 0 || count(t, s, "tensorslab_job WHERE failures = 1") != 1 {
		t.Errorf("too slow: %v", err)
	}
}

// After failures the images are saved, and the reason is gone.
func TestASaveThatSucceedsAtLast(t *testing.T) {
	t.Parallel()
	opts := soon()
	calls := 0
	opts.Save = func(ctx context.Context, _ batch.Result, _ int, _ opener) error {
		if calls++; calls < 3 {
			return errors.New("not now")
		}
		batch.AddFile(ctx, "a\x00\xffb.png")
		return nil
	}
	s, _, set := completed(t, opts)
	for range 4 { // the last one finds nothing to do
		_ = saveOnce(t.Context(), set)
	}
	if e := entryOf(t, s, "a"); e.State != batch.Saved || e.Error != "" || len(e.Files) != 1 || e.Files[0] != "a\ufffd\ufffdb.png" || calls != 3 {
		t.Errorf("%d calls, %+v", calls, e)
	}
}
