package batch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The environment of the process that is killed.
const (
	childURL = "BATCH_CHILD_URL"
	childDir = "BATCH_CHILD_DIR"
)

const killJobs = 300

// child runs the batch until it has ended, or is killed. It writes a line for each
// change of a job.
func child() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	c, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(os.Getenv(childURL)),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true}), wrapper.WithRetry(wrapper.RetryPolicy{Backoff: time.Millisecond}))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	dir := os.Getenv(childDir)
	j, err := OpenJournal(filepath.Join(dir, "tasks.jsonl"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	opts := Options{Parallel: 4, Wait: soon, Save: ToDir(filepath.Join(dir, "pictures"), "{key}-{n}{ext}")}
	opts.OnChange = func(r Result) { fmt.Println(r.Key, r.State) }
	for r, err := range Run(ctx, c, j, numbered(killJobs), opts) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		if r.State != Saved && r.State != InDoubt && ctx.Err() == nil {
			fmt.Fprintf(os.Stderr, "%+v\n", r)
		}
	}
	return 0
}

// live starts the process, and ends it by a signal after a number of changes and a
// while, unless the number is negative. It returns what the process wrote to standard error.
func live(t *testing.T, url, dir string, end os.Signal, changes int, delay time.Duration) (complaint string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childURL+"="+url, childDir+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; n != changes && lines.Scan(); n++ {
	}
	if changes >= 0 {
		time.Sleep(delay)
		_ = cmd.Process.Signal(end) // it may have ended
	}
	_, _ = io.Copy(io.Discard, out)
	err = cmd.Wait()
	return stderr.String(), err
}
