package cli

import (
	"fmt"
	"sync"
	"time"
)

// heartbeatEvery is how often a log is told that the command is alive.
const heartbeatEvery = 30 * time.Second

// heartbeat writes a line now and then where nothing can be drawn: to a log, a pipe or a
// terminal without control characters. It does not hold up the command if its writer
// blocks. It is safe for concurrent use.
type heartbeat struct {
	env   Env
	start time.Time
	done  chan struct{}
	ended chan struct{}

	mu   sync.Mutex
	text string
}

func newHeartbeat(e Env, text string) *heartbeat {
	h := &heartbeat{env: e, start: time.Now(), text: text, done: make(chan struct{}), ended: make(chan struct{})}
	go h.beat()
	return h
}

func (h *heartbeat) beat() {
	defer close(h.ended)
	tick := time.NewTicker(heartbeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-h.done:
			return
		case <-tick.C:
			h.mu.Lock()
			text := h.text
			h.mu.Unlock()
			fmt.Fprintf(h.env.Stderr, "tensorslab: %s, %v so far\n", h.env.Secret.Text(text), time.Since(h.start).Round(time.Second))
		}
	}
}

func (h *heartbeat) say(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text = text
}

// stop ends the lines. It does not wait for long for a writer that blocks.
func (h *heartbeat) stop() {
	close(h.done)
	within(blockedAfter, h.ended)
}
