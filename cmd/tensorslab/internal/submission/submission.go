// Package submission lets a generation that is under way end by itself.
package submission

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"
)

// Timeout is the time limit of a submission that the vendor recommends. It includes the upload.
const Timeout = 3 * time.Minute

// Submission lets a request that is under way end by itself when the one who wanted it does
// not want it any more, because its response names a task that is paid for. A request that
// has no connection yet is ended, and none is begun.
type Submission struct {
	cancel context.CancelFunc
	warn   func() // called when the interruption has to wait

	mu                sync.Mutex
	sent, interrupted bool
}

// New returns the context of the submission. The end of ctx is the interruption; if it has
// to wait, warn is called. The caller must call end when the response is there. Before
// that, end ends the request, whether or not it is under way.
func New(ctx context.Context, warn func()) (s *Submission, sub context.Context, end func()) {
	sub, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s = &Submission{cancel: cancel, warn: warn}
	if ctx.Err() != nil {
		s.interrupt()
	}
	detach := context.AfterFunc(ctx, s.interrupt)
	sub = httptrace.WithClientTrace(sub, &httptrace.ClientTrace{
		GetConn: func(string) { s.begin() },
		GotConn: func(httptrace.GotConnInfo) { s.connected() },
	})
	return s, sub, func() { detach(); cancel() }
}

// begin notes that an attempt begins, so that the one before it is over.
func (s *Submission) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = false
	if s.interrupted {
		s.cancel()
	}
}

func (s *Submission) connected() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = true
}

func (s *Submission) interrupt() {
	s.mu.Lock()
	first := !s.interrupted
	s.interrupted = true
	sent := s.sent
	if !sent {
		s.cancel()
	}
	s.mu.Unlock()
	if first && sent {
		s.warn()
	}
}

// MayBeSent reports whether a request may have reached the service.
func (s *Submission) MayBeSent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}
