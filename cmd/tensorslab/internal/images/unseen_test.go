package images

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A wait says once that it has not seen its task, unless it sees the task in time.
func TestWarnUnseen(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{
		unseenAfter - time.Second: "",
		unseenAfter + time.Second: "tensorslab: gone: no status so far; still looking (--verbose prints each response)\n",
		time.Hour:                 "tensorslab: gone: no status so far; still looking (--verbose prints each response)\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			var stderr bytes.Buffer
			r := &taskRun{Env: cli.Env{Stderr: &stderr, Secret: new(cli.Secret)}}
			seen := r.warnUnseen("gone")
			time.Sleep(after)
			seen()
			seen()
			time.Sleep(time.Hour)
			clitest.WantText(t, "stderr", stderr.String(), want)
		})
	}
}

// An unknown id keeps a wait busy for a while.
func TestWaitForAnUnknownTask(t *testing.T) {
	t.Parallel()
	got := clitest.Against(t, newRoot, fakeapi.Start(t)).Run("images", "wait", "gone")
	clitest.WantError(t, got, cli.Failed, "gone: no status so far; still looking (--verbose prints each response)\ntensorslab: 1 of 1 task is not known to the service")
}
