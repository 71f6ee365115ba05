package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A list of many tasks takes memory for their places in the journal, and for no more.
func TestListOfMany(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tasks.jsonl")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	const n = manyTasks / 2
	w := bufio.NewWriter(file)
	for i := range n {
		fmt.Fprintf(w, `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"job-%d","state":"saved","task":"abcd_%016x","request":"0123456789abcdef","model":"zimage","prompt":"a fox in the snow, in the style of painter number %d","files":["pictures/job-%d-1.png"]}`+"\n", i, i, i, i)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := built(within(t), fakeapi.Start(t), "images", "list", "--journal", path)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	peak := 0
	for running := true; running; {
		select {
		case err = <-ended:
			running = false
		case <-time.After(5 * time.Millisecond):
			peak = max(peak, peakOf(cmd.Process.Pid))
		}
	}
	if err != nil || bytes.Count(out.Bytes(), []byte("\n")) != n+1 {
		t.Errorf("%v, %d lines", err, bytes.Count(out.Bytes(), []byte("\n")))
	}
	t.Logf("%d tasks: %v, %d KB", n, cmd.ProcessState.UserTime(), peak)
	if most := 128 << 10; peak == 0 || peak > most {
		t.Errorf("it took %d KB, and at most %d are expected", peak, most)
	}
}

var peakLine = regexp.MustCompile(`(?m)^VmHWM:\s*(\d+) kB$`)

// peakOf returns the most memory that a process had, in KB, or 0 if it has ended. What wait
// says of a process includes the memory of the one that has started it.
func peakOf(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	match := peakLine.FindSubmatch(status)
	if match == nil {
		return 0
	}
	peak, _ := strconv.Atoi(string(match[1]))
	return peak
}
