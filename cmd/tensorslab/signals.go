package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// stopSignals delivers the signals that ask the command to stop. One that the
// command was started to ignore, as nohup does with SIGHUP, stays ignored.
func stopSignals() <-chan os.Signal {
	received := make(chan os.Signal, 2)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(received, s)
		}
	}
	return received
}

// obey stops the command at the first signal and ends it at the second. After
// that the system's own way applies, in case the end is stuck as well.
func obey(received <-chan os.Signal, stop, end func()) {
	<-received
	stop()
	<-received
	signal.Reset()
	end()
}

// lastWords is what has to be done before the process ends at once.
type lastWords struct {
	mu sync.Mutex
	do func()
}

// set takes the place of what was set before; nil means nothing.
func (w *lastWords) set(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.do = do
}

func (w *lastWords) say() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.do != nil {
		w.do()
	}
}
