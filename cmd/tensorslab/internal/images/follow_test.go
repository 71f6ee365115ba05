package images

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const firstTask = "fake_0000000000000001"

// The id of a task that was paid for is printed on standard error if standard output is
// closed, even by a closed pipe, which is otherwise not reported.
func TestClosedOutputLosesNoID(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.EPIPE, syscall.ENOSPC} {
		for _, output := range []string{"text", "json"} {
			fake := fakeapi.Start(t)
			s := clitest.Against(t, newRoot, fake)
			s.Stdout = clitest.FailingWriter{Err: &os.PathError{Op: "write", Path: "/dev/stdout", Err: cause}}
			got := s.Run("images", "generate", "a fox", "--wait", "--output", output)
			clitest.WantError(t, got, cli.Failed, "the task was created, but standard output could not be written (write /dev/stdout: "+
				cause.Error()+"); to continue: tensorslab images wait "+firstTask)
			if n := len(fake.Requests()); n != 1 {
				t.Errorf("%d requests: it waits for a task that it cannot report", n)
			}
		}
	}
}

// closesAfter returns a pipe whose reader closes it after some lines.
func closesAfter(lines int, out *bytes.Buffer) clitest.WriterFunc {
	return func(p []byte) (int, error) {
		if bytes.Count(out.Bytes(), []byte("\n")) >= lines {
			return 0, syscall.EPIPE
		}
		return out.Write(p)
	}
}

// After the pipe is closed images are still saved, without a message.
func TestOutputClosesWhileTheTaskIsUnderWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out bytes.Buffer
	s := clitest.Against(t, newRoot, fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{})))
	s.Stdout = closesAfter(1, &out)
	got := s.Run("images", "generate", "a fox", "--out", dir)
	clitest.WantStatus(t, got, cli.Failed)
	clitest.WantText(t, "stdout", out.String(), firstTask+": created by seedreamv45\n")
	clitest.WantText(t, "stderr", got.Err, "")
	if names := clitest.NamesIn(t, dir); names != firstTask+"-1.png" {
		t.Errorf("saved %q", names)
	}
}

// A Ctrl-C after everything is done interrupts nothing.
func TestGenerateInterruptedTooLate(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"images", "generate", "a fox"}, {"images", "generate", "a fox", "--wait"}, {"images", "info", "a"}, {"images", "wait", "a"}} {
		ctx, cancel := context.WithCancel(t.Context())
		fake := fakeapi.Start(t, fakeapi.WithTasks("a"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		s := clitest.Against(t, newRoot, fake)
		s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
			if bytes.Contains(p, []byte("completed")) || len(args) == 3 {
				cancel()
			}
			return len(p), nil
		})
		clitest.WantStatus(t, s.RunContext(ctx, args...), cli.OK)
		cancel()
	}
}

// The command to continue with depends on how far the run went.
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
		"interrupted":       {interrupted, &taskRun{failed: 1}, "NEXT", cli.Interrupted, "interrupted; the task continues at the service; to continue: NEXT"},
		"failed":            {t.Context(), &taskRun{failed: 1}, "NEXT", cli.Failed, "1 of 1 task failed; to continue: NEXT"},
		"not finished":      {t.Context(), &taskRun{unfinished: 1}, "NEXT", cli.Unfinished, "1 of 1 task is not finished yet; to continue: NEXT"},
		"failed for good":   {t.Context(), &taskRun{failed: 1}, "", cli.Failed, "1 of 1 task failed"},
		"a key that is old": {t.Context(), &taskRun{failed: 1, causes: causes{unauthorized: true}}, "NEXT", cli.Auth, "the service rejected the key; check it, or try --bare-key; to continue: NEXT"},
		"stdout":            {t.Context(), failing(errors.New("closed"), 0), "NEXT", cli.Failed, "standard output could not be written: closed"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.run.report == nil {
				tt.run.report = cli.NewReporter(io.Discard, false)
			}
			err := tt.run.followed(tt.ctx, tt.next)
			if cli.StatusOf(err) != tt.status || err != nil && err.Error() != tt.want {
				t.Errorf("%d, %v", cli.StatusOf(err), err)
			}
		})
	}
}

// The commands to continue with do what they are printed for.
func TestAdviceAfterATimeout(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "pictures")
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 2}))
	got := clitest.Against(t, newRoot, fake).Run("images", "generate", "a fox", "--out", dir, "--wait-timeout", "1ms")
	clitest.WantError(t, got, cli.Unfinished, "1 of 1 task is not finished yet; to continue: tensorslab images wait "+firstTask+
		", then: tensorslab images download --out "+cli.ShellQuote(dir)+" "+firstTask)
	clitest.WantStatus(t, clitest.Against(t, newRoot, fake).Run("images", "wait", firstTask), cli.OK)
	clitest.WantStatus(t, clitest.Against(t, newRoot, fake).Run("images", "download", "--out", dir, firstTask), cli.OK)
	clitest.WantText(t, "saved", clitest.NamesIn(t, dir), firstTask+"-1.png")
}
