package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newWaitCommand(e env) *cobra.Command {
	var f struct {
		tasksFlags
		waitFlags
	}
	cmd := &cobra.Command{
		Use:   "wait [ID…]",
		Short: "Wait until image tasks have ended",
		Long: `Wait until image tasks have ended, and tell where their images are.

` + idsHelp + `
Up to 4 tasks are waited for at a time, and told as they end. Interruptions of the
service are ridden out. Ctrl-C ends the wait and not the tasks, which can be waited
for again.

` + keyHelp + `

With --output json, each line is an object as images info writes it. One with type
"error" has the status that was known last, and error_message if the task failed.

` + tasksStatusHelp,
		Example: `  tensorslab images wait --demo
  tensorslab images wait abcd_1234567890abcdef --wait-timeout 10m`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := firstError(f.check(cmd.Flags()), f.checkWait()); err != nil {
				return err
			}
			return taskCommand{tasksFlags: f.tasksFlags, atOnce: atATime, do: func(ctx context.Context, t *taskRun, id string) error {
				info, err := t.wait(ctx, id, f.waitTimeout)
				if err != nil {
					return err
				}
				t.tell(func(r taskReporter) error { return r.info(id, info) })
				return nil
			}}.run(cmd.Context(), e, args)
		},
	}
	f.tasksFlags.register(cmd)
	f.waitFlags.register(cmd.Flags())
	f.serviceFlags.register(cmd, wrapper.DefaultTimeout)
	return cmd
}

// wait waits for one task, and shows its status to people.
func (t *taskRun) wait(ctx context.Context, id string, timeout time.Duration) (*generated.ImageInfoData, error) {
	opts := wrapper.WaitOptions{Timeout: timeout, OnStatus: func(s generated.ImageStatus) { t.spinner.say(id, statusName(s)) }}
	if t.demo {
		opts.Interval = demoInterval
	}
	return t.client.WaitForTask(ctx, id, opts)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
