package cli

import (
	"bytes"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lockedBuffer is a buffer that several goroutines may use.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestPlainSpinner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		secret := new(Secret)
		secret.Set("tl-secret-0123456789")
		s := NewPlainSpinner(Env{Stderr: &out, Secret: secret})
		wait := func(d time.Duration) { time.Sleep(d); synctest.Wait() }
		wait(29 * time.Second)
		wantText(t, "before the first line", out.String(), "")
		wait(time.Second)
		s.Say("fox-1", "queued")
		s.Say("fox-1", "processing tl-secret-0123456789")
		wait(30 * time.Second)
		s.Say("a\nb", "queued")
		if err := s.Aside(func() error { _, err := io.WriteString(&out, "report\n"); return err }); err != nil {
			t.Error(err)
		}
		wait(30 * time.Second)
		s.Stop()
		wait(time.Hour)
		wantText(t, "lines", out.String(), "tensorslab: connecting, 30s so far\n"+
			"tensorslab: fox-1: processing [redacted], 1m0s so far\nreport\ntensorslab: \"a\\nb\": queued, 1m30s so far\n")
	})
}

func TestPlainBar(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		b := NewPlainBar(Env{Stderr: &out}, "Deleting", 1000)
		wait := func(d time.Duration) { time.Sleep(d); synctest.Wait() }
		wait(30 * time.Second)
		b.Add(100)
		b.Add(100)
		wait(30 * time.Second)
		b.Describe("2 submitted, 1 saved")
		wait(30 * time.Second)
		b.Stop()
		wait(time.Hour)
		wantText(t, "lines", out.String(), "tensorslab: Deleting: 0 of 1000, 30s so far\n"+
			"tensorslab: Deleting: 200 of 1000, 1m0s so far\ntensorslab: 2 submitted, 1 saved: 200 of 1000, 1m30s so far\n")
		if b.IsDrawn() || (*Bar)(nil).IsDrawn() {
			t.Error("a line is no bar")
		}
	})
}

// A log that is not read holds up neither the command nor its end.
func TestPlainSpinnerIsBlocked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		s := NewPlainSpinner(Env{Stderr: w})
		time.Sleep(time.Minute) // the first line blocks
		start := time.Now()
		s.Say("fox-1", "queued")
		s.Stop()
		if d := time.Since(start); d != blockedAfter {
			t.Errorf("stopped after %v", d)
		}
		r.Close()
	})
}
