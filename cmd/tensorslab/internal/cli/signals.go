package cli

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
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
	held    sync.RWMutex
}

// maxHeld bounds how long a process is held, since a disk may not respond. A third signal ends it
// at once.
const maxHeld = 10 * time.Second

// Hold keeps the process from exiting until release is called, for at most ten seconds: as
// long as there is a temporary file that the function does not remove yet. Once the process is
// about to exit, Hold does not return any more. It may be nested.
func (h *ExitHook) Hold() (release func()) {
	h.held.RLock()
	return h.held.RUnlock
}

// Settle waits for those who hold the process, and keeps others from it. It is called right
// before the process exits, once.
func (h *ExitHook) Settle() {
	for end := time.Now().Add(maxHeld); !h.held.TryLock() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
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

// TempDir creates a temporary folder, which the function removes too.
func (h *ExitHook) TempDir(pattern string) (dir string, remove func(), err error) {
	defer h.Hold()()
	if dir, err = os.MkdirTemp("", pattern); err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	h.Add(remove)
	return dir, remove, nil
}

// Run calls the function, if one is set, and returns the exit status of the process. It is
// called once, as Settle is, which it includes.
func (h *ExitHook) Run() (status int) {
	h.Settle()
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
