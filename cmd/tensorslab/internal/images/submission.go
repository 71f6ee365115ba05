package images

import (
	"context"
	"net/http/httptrace"
	"sync"
)

// submission lets a request that is under way end by itself when the user interrupts the
// command, because its response names a task that is paid for. A request that has no
// connection yet is ended, and none is begun.
type submission struct {
	cancel context.CancelFunc
	warn   func() // called when the interruption has to wait

	mu                sync.Mutex
	sent, interrupted bool
}

// newSubmission returns the context of the submission. The end of ctx is the
// interruption. The caller must call end when the response is there.
func newSubmission(ctx context.Context, warn func()) (s *submission, sub context.Context, end func()) {
	sub, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s = &submission{cancel: cancel, warn: warn}
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
func (s *submission) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = false
	if s.interrupted {
		s.cancel()
	}
}

func (s *submission) connected() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = true
}

func (s *submission) interrupt() {
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

// mayBeSent reports whether a request may have reached the service.
func (s *submission) mayBeSent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}
