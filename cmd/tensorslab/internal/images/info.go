package images

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const infoLong = `Show the status of image tasks, and the addresses of the images of completed ones.

` + idsHelp + ` Alone it
means those that exist at the service.

` + journal.Help + `

` + service.KeyHelp + `

With --output json, each line is an object with type "info", id, status
("queued", "processing", "completed", "failed" or a number), url, width, height,
start_time, error_message, category, task_type, images (those that the task started
from), prompt, negative and origseed, as far as they are known, or with type
"error", id, error, code, http_status and request_id.

` + statusHelp

func newInfoCommand(e cli.Env) *cobra.Command {
	var f tasksFlags
	f.states = []batch.State{batch.Submitted, batch.Completed, batch.Saved, batch.Failed}
	cmd := &cobra.Command{
		Use:   "info [ID…]",
		Short: "Show the status of image tasks",
		Long:  infoLong,
		Example: `  tensorslab images info --demo
  tensorslab images info abcd_1234567890abcdef
  tensorslab images info --file ids.txt --output json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return err
			}
			return taskCommand{tasksFlags: f, parallel: 1, do: showInfo}.run(cmd.Context(), e, args)
		},
	}
	f.register(cmd, e)
	f.Register(cmd, wrapper.DefaultTimeout)
	f.RegisterQuiet(cmd, "print only the ids of the tasks that exist")
	return cmd
}

func showInfo(ctx context.Context, t *taskRun, id string) error {
	info, err := t.query(ctx, id)
	if err != nil {
		return err
	}
	t.report.Report(foundRecord{t.found(id, info)})
	return tooMany(info.URL, "shown")
}

// found returns the record of a task. The addresses of a demo end with the command, so that a
// person could not follow them; programs get every field all the same.
func (t *taskRun) found(id string, info *generated.ImageInfoData) infoRecord {
	if t.Demo && t.AsText() {
		shown := *info
		shown.URL = nil
		info = &shown
	}
	return infoRecord{id, info}
}

// query asks the service for a task. The key is taken out of the service's message here,
// because a message that is cut later might contain a part of the key.
func (t *taskRun) query(ctx context.Context, id string) (*generated.ImageInfoData, error) {
	info, err := t.client.InfoByTaskID(ctx, id)
	if err != nil {
		return nil, t.Advisor().Describe(err)
	}
	info.Data.ErrorMessage = t.Secret.Text(info.Data.ErrorMessage)
	return &info.Data, nil
}
