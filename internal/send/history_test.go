package send

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// play responds to each attempt with its step: a status, or how it fails.
func play(t *testing.T, cancel func(), steps string) transport {
	t.Helper()
	list := strings.Fields(steps)
	return func(req *http.Request) (*http.Response, error) {
		step := list[0]
		if len(list) > 1 {
			list = list[1:]
		}
		codes := map[string]int{"303": 303, "429": 429, "500": 500, "503": 503}
		switch step {
		case "unreachable":
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
		case "lost":
			return nil, io.ErrUnexpectedEOF
		case "ended":
			cancel()
			<-req.Context().Done()
			return nil, req.Context().Err()
		}
		return &http.Response{StatusCode: codes[step], Header: http.Header{}, Body: io.NopCloser(strings.NewReader(step))}, nil
	}
}

// "Not sent" is said of all attempts or of none, and an attempt that says
// nothing does not hide the response before it.
func TestAnAttemptThatWasNotSentHidesNothing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		effect   Effect
		steps    string
		attempts int
		status   int // 0: no response
		outcome  Outcome
		doubt    bool
	}{
		{EachTime, "unreachable", 3, 0, NotSent, false},
		{EachTime, "429 unreachable", 3, 429, NotActed, false},
		{EachTime, "unreachable 429 unreachable", 3, 429, NotActed, false},
		{EachTime, "429 lost", 2, 0, Unknown, false},
		{EachTime, "429 ended", 2, 0, Unknown, false},
		{Once, "503 unreachable", 3, 503, NotActed, false},
		{Once, "500 unreachable", 3, 500, Unknown, false},
		{Once, "500 503 unreachable", 3, 503, NotActed, true},
		{Once, "lost unreachable", 3, 0, NotActed, true},
		{Once, "503 lost unreachable", 3, 0, NotActed, true},
		{Once, "503 ended", 2, 0, Unknown, false},
		{None, "503 unreachable", 3, 503, NotActed, false},
		{None, "lost unreachable", 3, 0, NotActed, false},
		{None, "503 ended", 2, 503, NotActed, false},
		{None, "503 lost", 3, 0, NotActed, false},
	}
	for _, tt := range tests {
		t.Run(tt.steps, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := quickly
			p.RateLimited = true
			r := (&Sender{Client: play(t, cancel, tt.steps), MaxBytes: 100, Policy: p}).Send(post(ctx, t, "https://x.test", "x"), tt.effect, nil)
			status := 0
			if r.Response != nil {
				status = r.Response.StatusCode
			}
			if r.Attempts != tt.attempts || status != tt.status || r.Outcome != tt.outcome || r.DoubtBefore != tt.doubt || r.Err == nil {
				t.Errorf("effect %d: %d attempts, HTTP %d, %+v", tt.effect, r.Attempts, status, r)
			}
			if status != 0 && string(r.Body) != "429" && string(r.Body) != "503" && string(r.Body) != "500" {
				t.Errorf("the body is %q", r.Body)
			}
		})
	}
}

// The end of the context in the wait for another attempt is no response either.
func TestTheContextEndsInTheWaitAfterAnUnreachableAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p := Policy{MaxAttempts: 9, Backoff: time.Hour, MaxRetryAfter: time.Hour}
		s := &Sender{Client: play(t, cancel, "503 unreachable"), MaxBytes: 100, Policy: p}
		r := s.Send(post(ctx, t, "https://x.test", "x"), Once, func(r *Result, _ time.Duration) {
			if r.Response == nil {
				time.AfterFunc(1, cancel)
			}
		})
		if r.Response == nil || r.Response.StatusCode != 503 || r.Outcome != NotActed || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%+v", r)
		}
	})
}
