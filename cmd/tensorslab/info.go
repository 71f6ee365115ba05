package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newInfoCommand(e env) *cobra.Command {
	var f tasksFlags
	cmd := &cobra.Command{
		Use:   "info [ID…]",
		Short: "Tell how far image tasks are",
		Long: `Tell how far image tasks are, and where the images of completed ones are.

` + idsHelp + `

` + keyHelp + `

With --output json, each line is an object with type "info", id, status
("queued", "processing", "completed", "failed" or a number), url, width, height,
start_time and error_message, as far as they are known, or with type "error", id,
error, code, http_status and request_id.

` + tasksStatusHelp,
		Example: `  tensorslab images info --demo
  tensorslab images info abcd_1234567890abcdef
  tensorslab images info --file ids.txt --output json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd.Flags()); err != nil {
				return err
			}
			return taskCommand{tasksFlags: f, atOnce: 1, do: func(ctx context.Context, t *taskRun, id string) error {
				info, err := t.client.InfoByTaskID(ctx, id)
				if err != nil {
					return err
				}
				t.tell(func(r taskReporter) error { return r.info(id, &info.Data) })
				return nil
			}}.run(cmd.Context(), e, args)
		},
	}
	f.register(cmd)
	f.serviceFlags.register(cmd, wrapper.DefaultTimeout)
	return cmd
}

const idsHelp = `Ids are arguments and the lines of --file or, without either, the lines of
standard input if that is a pipe or a file.`

const tasksStatusHelp = `Exit status: 0 all well, 1 something failed, 2 usage, 3 authentication,
4 credits, 130 interrupted.`
