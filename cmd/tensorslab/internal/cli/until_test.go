package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestUntil(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r, pipe := io.Pipe()
		w := Until(ctx, pipe)
		go func() { // a reader that is slow, and later stops
			time.Sleep(time.Hour)
			io.ReadFull(r, make([]byte, 4))
		}()
		p := []byte("slow")
		if n, err := w.Write(p); n != 4 || err != nil {
			t.Errorf("a slow reader: %d, %v", n, err)
		}
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		if _, err := w.Write(p); !errors.Is(err, ErrBlocked) {
			t.Errorf("a blocked reader: %v", err)
		}
		if d := time.Since(start); d != time.Minute+blockedAfter {
			t.Errorf("gave up after %v", d)
		}
		if _, err := w.Write(p); !errors.Is(err, ErrBlocked) || time.Since(start) != time.Minute+blockedAfter {
			t.Errorf("after that: %v", err)
		}
		r.Close()
	})
}

// After the end of the context, writes that do not block still succeed.
func TestUntilAfterTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	w := Until(ctx, &out)
	for range 100 {
		if _, err := io.WriteString(w, "a"); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() != 100 {
		t.Errorf("%d bytes", out.Len())
	}
	broken := errors.New("no space left")
	if _, err := Until(ctx, failingWriter{broken}).Write(nil); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// Standard error that is blocked does not keep the process from its end.
func TestWarn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		Env{Stderr: w}.Warn("not read")
		r.Close()
		var out strings.Builder
		Env{Stderr: &out}.Warn("a\nb")
		wantText(t, "stderr", out.String(), "tensorslab: a; b\n")
	})
}
