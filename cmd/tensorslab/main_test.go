package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// TestMain lets tests run this binary as the command, by its name.
func TestMain(m *testing.M) {
	os.Setenv("GORACE", raceOptions)
	testscript.Main(leakChecked{m}, map[string]func(){"tensorslab": main})
}

// raceOptions keep the race detector from sleeping for a second at the end of each
// process.
const raceOptions = "atexit_sleep_ms=0"

// patience is how long a test waits for another process. It is far longer than any takes,
// even on a busy machine.
const patience = 5 * time.Minute

// clientsDir is where tests install clients of other languages. It is removed at the end.
var clientsDir string

// leakChecked is goleak.VerifyTestMain for a TestMain that does something else as well.
type leakChecked struct{ m *testing.M }

func (c leakChecked) Run() int {
	state, err := os.MkdirTemp("", "tensorslab-state-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(state)
	clientsDir = state
	os.Setenv("XDG_STATE_HOME", state) // processes of tests keep no journal in a home directory
	status := c.m.Run()
	if err := goleak.Find(); status == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return status
}
