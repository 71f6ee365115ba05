package cli

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// StopSignals returns a channel of the signals that ask the command to stop. A signal
// that was ignored when the command started, as SIGHUP is under nohup, stays ignored.
func StopSignals() <-chan os.Signal {
	received := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(received, s)
		}
	}
	return received
}

// HandleSignals calls stop at the first signal and exit at the second. Before exit it
// restores the default handling, so that a third signal ends a process that is stuck.
func HandleSignals(received <-chan os.Signal, stop, exit func()) {
	<-received
	stop()
	<-received
	signal.Reset()
	exit()
}

// ExitHook holds the function to call before the process exits at a second signal. It
// is safe for concurrent use.
type ExitHook struct {
	mu      sync.Mutex
	do      func()
	unknown atomic.Bool
}

// MayHavePaid makes Run return [Unknown] in place of [Interrupted], which that comes before.
// A function of the hook may call it.
func (h *ExitHook) MayHavePaid() { h.unknown.Store(true) }

// Set replaces the function; nil means none.
func (h *ExitHook) Set(do func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.do = do
}

// Add adds a function, which runs after those that are set.
func (h *ExitHook) Add(do func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.do
	h.do = func() {
		if before != nil {
			before()
		}
		do()
	}
}

// Run calls the function, if one is set, and returns the exit status of the process.
func (h *ExitHook) Run() (status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.do != nil {
		h.do()
	}
	if h.unknown.Load() {
		return Unknown
	}
	return Interrupted
}
