package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// ErrBlocked is the error of a write that did not end, for example because a pager does
// not read.
var ErrBlocked = errors.New("it is blocked")

// blockedAfter is how long a write may take after the command was asked to stop.
const blockedAfter = 2 * time.Second

// Until returns a writer to w whose writes give up some time after ctx has ended, and
// from then on fail with ErrBlocked. A signal could not end the command otherwise. It is
// safe for concurrent use.
func Until(ctx context.Context, w io.Writer) io.Writer {
	return &untilWriter{w: w, ended: ctx.Done()}
}

type untilWriter struct {
	w     io.Writer
	ended <-chan struct{}

	mu  sync.Mutex
	err error
}

func (u *untilWriter) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.err != nil {
		return 0, u.err
	}
	p = bytes.Clone(p) // a write that was given up still reads it
	var n int
	var err error
	written := make(chan struct{})
	go func() {
		defer close(written)
		n, err = u.w.Write(p)
	}()
	select {
	case <-written:
		return n, err
	case <-u.ended:
	}
	if !within(blockedAfter, written) {
		u.err = ErrBlocked
		return 0, u.err
	}
	return n, err
}

// within reports whether done is closed in time.
func within(d time.Duration, done <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// Warn writes a line to standard error when the process is about to exit. It does not wait
// for long if standard error is blocked.
func (e Env) Warn(text string) {
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(e.Stderr, "tensorslab: "+OneLine(e.Secret.Text(text))+"\n")
	}()
	within(blockedAfter, written)
}
