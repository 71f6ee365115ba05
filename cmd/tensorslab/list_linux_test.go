package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

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
	out, err := cmd.Output()
	if err != nil || bytes.Count(out, []byte("\n")) != n+1 {
		t.Errorf("%v, %d lines", err, bytes.Count(out, []byte("\n")))
	}
	used, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	t.Logf("%d tasks: %v, %d MB", n, cmd.ProcessState.UserTime(), used.Maxrss>>10)
	if most := int64(200 << 10); used.Maxrss > most {
		t.Errorf("it took %d KB, and at most %d are expected", used.Maxrss, most)
	}
}
