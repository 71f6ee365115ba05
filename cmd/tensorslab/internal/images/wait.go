package images

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const waitLong = `Wait until image tasks have ended, and show the addresses of their images.

` + idsHelp + `
Up to 4 tasks are waited for at a time, and reported as they finish. The wait keeps
polling through interruptions of the service. Ctrl-C ends the wait but not the
tasks, which can be waited for again. The journal gets to know how each task has
ended. --from-journal alone means the tasks that are submitted.

` + journal.Help + `

` + service.KeyHelp + `

With --output json, each line is an object as images info writes it. One with type
"error" has the last known status, and error_message if the task failed.

` + statusHelp

func newWaitCommand(e cli.Env) *cobra.Command {
	var f struct {
		tasksFlags
		waitFlags
	}
	f.states = []batch.State{batch.Submitted}
	f.records = true
	cmd := &cobra.Command{
		Use:   "wait [ID…]",
		Short: "Wait until image tasks have ended",
		Long:  waitLong,
		Example: `  tensorslab images wait --demo
  tensorslab images wait abcd_1234567890abcdef --wait-timeout 10m
  tensorslab images wait --from-journal --quiet | tensorslab images download`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cli.FirstError(f.check(cmd, args), f.checkWait()); err != nil {
				return err
			}
			return taskCommand{tasksFlags: f.tasksFlags, parallel: parallelTasks, do: waitFor(f.waitTimeout)}.run(cmd.Context(), e, args)
		},
	}
	f.tasksFlags.register(cmd, e)
	f.waitFlags.register(cmd.Flags())
	f.Register(cmd, wrapper.DefaultTimeout)
	f.RegisterQuiet(cmd, "print only the ids of the tasks that are completed")
	return cmd
}

func waitFor(timeout time.Duration) taskFunc {
	return func(ctx context.Context, t *taskRun, id string) error {
		info, err := t.wait(ctx, id, timeout)
		t.track.ended(ctx, id, err)
		if err != nil {
			return err
		}
		t.report.Report(foundRecord{t.found(id, info)})
		return tooMany(info.URL, "shown")
	}
}

// wait waits for one task, and shows its status on a terminal.
func (t *taskRun) wait(ctx context.Context, id string, timeout time.Duration) (*generated.ImageInfoData, error) {
	seen := t.warnUnseen(id)
	defer seen()
	opts := wrapper.WaitOptions{Timeout: timeout, OnStatus: func(s generated.ImageStatus) {
		seen()
		t.spinner.Say(id, cli.StatusName(s))
	}}
	if t.Demo {
		opts.Interval = demoInterval
	}
	info, err := t.client.WaitForTask(ctx, id, opts)
	return info, t.Advisor().Describe(err)
}
