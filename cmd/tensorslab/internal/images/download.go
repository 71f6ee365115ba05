package images

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newDownloadCommand(e cli.Env) *cobra.Command {
	var f struct {
		tasksFlags
		saveFlags
	}
	cmd := &cobra.Command{
		Use:   "download [ID…]",
		Short: "Download the images of completed tasks",
		Long: `Download the images of completed tasks to a directory.

` + idsHelp + `
Up to 4 tasks are downloaded at a time, and reported as they finish.

` + filesHelp + ` An image that
is there already and whole is skipped, and that is success.

` + service.KeyHelp + `

With --output json, each line is an object with type "image", id, index, file, bytes
and, if the file was there already, skipped, or with type "error", id, error, code, http_status and request_id.

` + statusHelp,
		Example: `  tensorslab images download --demo --out pictures
  tensorslab images download abcd_1234567890abcdef --out pictures`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.Check(cmd.Flags()); err != nil {
				return err
			}
			return taskCommand{tasksFlags: f.tasksFlags, save: &f.saveFlags, parallel: parallelTasks, do: download}.run(cmd.Context(), e, args)
		},
	}
	f.tasksFlags.register(cmd)
	f.saveFlags.register(cmd, ".", "write the images to this `DIR`")
	f.Register(cmd, wrapper.DefaultTimeout)
	return cmd
}

const filesHelp = `Files are named ID-1.png, ID-2.png and so on, with an extension for their content;
characters of an id that are not portable in file names are replaced. Files are
renamed into place once complete; existing files are kept unless you pass --force.
Images are requested without the key, and only from public addresses, unless the
service itself is on this machine or you pass --allow-private.`

func download(ctx context.Context, t *taskRun, id string) error {
	info, err := t.query(ctx, id)
	if err != nil {
		return err
	}
	_, err = t.saveImages(ctx, naming{skip: true, byTask: true}, id, info)
	return err
}
