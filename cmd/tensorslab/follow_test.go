package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const firstTask = "fake_0000000000000001"

// The id of a task that was paid for is told on stderr where stdout is closed;
// of a closed pipe nothing is said otherwise.
func TestClosedOutputLosesNoID(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.EPIPE, syscall.ENOSPC} {
		for _, output := range []string{outputText, outputJSON} {
			fake := fakeapi.Start(t)
			s := against(t, fake)
			s.stdout = failingWriter{&os.PathError{Op: "write", Path: "/dev/stdout", Err: cause}}
			got := s.run("images", "generate", "a fox", "--wait", "--output", output)
			wantError(t, got, statusFailed, "the task was created, but standard output could not be written (write /dev/stdout: "+
				cause.Error()+"); to go on: tensorslab images wait "+firstTask)
			if n := len(fake.Requests()); n != 1 {
				t.Errorf("%d requests: somebody waits for what can't be told", n)
			}
		}
	}
}

// closesAfter is a pipe whose reader goes away after some lines.
func closesAfter(lines int, out *bytes.Buffer) writerFunc {
	return func(p []byte) (int, error) {
		if bytes.Count(out.Bytes(), []byte("\n")) >= lines {
			return 0, syscall.EPIPE
		}
		return out.Write(p)
	}
}

// Images are saved though nobody wants to know any more, and that is silent.
func TestOutputClosesWhileTheTaskIsUnderWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out bytes.Buffer
	s := against(t, fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{})))
	s.stdout = closesAfter(1, &out)
	got := s.run("images", "generate", "a fox", "--out", dir)
	wantStatus(t, got, statusFailed)
	wantText(t, "stdout", out.String(), firstTask+": created by seedreamv45\n")
	wantText(t, "stderr", got.err, "")
	if names := namesIn(t, dir); names != firstTask+"-1.png" {
		t.Errorf("saved %q", names)
	}
}

func namesIn(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// A Ctrl-C that comes when all is done has interrupted nothing.
func TestGenerateInterruptedTooLate(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"images", "generate", "a fox"}, {"images", "generate", "a fox", "--wait"}, {"images", "info", "a"}, {"images", "wait", "a"}} {
		ctx, cancel := context.WithCancel(t.Context())
		fake := fakeapi.Start(t, fakeapi.WithTasks("a"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		s := against(t, fake)
		s.stdout = writerFunc(func(p []byte) (int, error) {
			if bytes.Contains(p, []byte("completed")) || len(args) == 3 {
				cancel()
			}
			return len(p), nil
		})
		wantStatus(t, s.runContext(ctx, args...), statusOK)
		cancel()
	}
}

// What is advised depends on how far it went.
func TestFollowed(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx    context.Context
		run    *taskRun
		next   string
		status int
		want   string
	}{
		"well":              {ctx: interrupted, run: &taskRun{}, next: "NEXT"},
		"interrupted":       {interrupted, &taskRun{failed: 1}, "NEXT", statusInterrupted, "interrupted; the task stays at the service; to go on: NEXT"},
		"failed":            {t.Context(), &taskRun{failed: 1}, "NEXT", statusFailed, "1 of 1 image task failed; to go on: NEXT"},
		"failed for good":   {t.Context(), &taskRun{failed: 1}, "", statusFailed, "1 of 1 image task failed"},
		"a key that is old": {t.Context(), &taskRun{failed: 1, causes: causes{unauthorized: true}}, "NEXT", statusAuth, "the service refused the key; check it, or try --bearer; to go on: NEXT"},
		"stdout":            {t.Context(), &taskRun{outErr: errors.New("closed")}, "NEXT", statusFailed, "standard output could not be written: closed"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.run.followed(tt.ctx, tt.next)
			if statusOf(err) != tt.status || err != nil && err.Error() != tt.want {
				t.Errorf("%d, %v", statusOf(err), err)
			}
		})
	}
}

// The advice works.
func TestAdviceAfterATimeout(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "pictures")
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 2}))
	got := against(t, fake).run("images", "generate", "a fox", "--out", dir, "--wait-timeout", "1ms")
	wantError(t, got, statusFailed, "1 of 1 image task failed; to go on: tensorslab images wait "+firstTask+
		", then: tensorslab images download --out "+quoteWord(dir)+" "+firstTask)
	wantStatus(t, against(t, fake).run("images", "wait", firstTask), statusOK)
	wantStatus(t, against(t, fake).run("images", "download", "--out", dir, firstTask), statusOK)
	wantText(t, "saved", namesIn(t, dir), firstTask+"-1.png")
}
