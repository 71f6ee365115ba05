package durable

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// png is the beginning of an image, which is all that is looked at.
const png = "\x89PNG\r\n\x1a\n0123456789"

// Prepare gives a request what the table does not have.
func TestPrepare(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	opts := soon()
	closed := make(chan error, 1)
	opts.Prepare = func(ctx context.Context, key string, r *wrapper.GenerateRequest) error {
		source, err := wrapper.NewSource(key+".png", strings.NewReader(png))
		if err == nil {
			r.Sources = append(r.Sources, source.File())
			context.AfterFunc(ctx, func() { closed <- source.Close() })
		}
		return err
	}
	if err := submitOnce(t, workersOf(t, s, c, opts), "a"); err != nil {
		t.Fatal(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	sent := srv.Requests()[0]
	if e := entryOf(t, s, "a"); e.State != batch.Submitted || len(sent.Uploads) != 1 || !bytes.Contains(sent.Body, []byte("prompt a")) {
		t.Errorf("%+v, %+v", e, sent.Uploads)
	}
}

// After an error of Prepare nothing is sent, the job comes again, and others do not wait.
func TestPrepareFails(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func() error{
		"an error": func() error { return errors.New("GET https://example.com/a.png?sig=abc: " + testKey) },
		"a panic":  func() error { panic("oh " + testKey) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			srv, c := start(t)
			enqueue(t, s, "a")
			opts := soon()
			opts.Prepare = func(context.Context, string, *wrapper.GenerateRequest) error { return prepare() }
			set := workersOf(t, s, c, opts)
			if err := submitOnce(t, set, "a"); snoozed(err) < 20*time.Second || set.pause.left() > 0 {
				t.Errorf("%v, %v", err, set.pause.left())
			}
			if e := entryOf(t, s, "a"); e.State != batch.Planned || e.Error == "" || strings.Contains(e.Error, "sig=") || len(srv.Requests()) > 0 {
				t.Errorf("%+v", e)
			}
			leaks(t, s)
		})
	}
}
