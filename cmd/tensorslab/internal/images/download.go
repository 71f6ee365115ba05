package images

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newDownloadCommand(e cli.Env) *cobra.Command {
	var f struct {
		tasksFlags
		saveFlags
		name string
	}
	f.states = []batch.State{batch.Submitted, batch.Completed}
	f.records = true
	cmd := &cobra.Command{
		Use:     "download [ID…]",
		Short:   "Download the images of completed tasks",
		Long:    downloadLong,
		Example: downloadExample,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return err
			}
			if err := f.checkStdout(e, cmd.Flags()); err != nil {
				return err
			}
			names, err := newNaming(f.name)
			if err != nil {
				return err
			}
			do := download(names, &f.saveFlags)
			if f.toStdout {
				do = toStdout
			}
			return taskCommand{tasksFlags: f.tasksFlags, save: &f.saveFlags, parallel: parallelTasks, do: do}.run(cmd.Context(), e, args)
		},
	}
	f.tasksFlags.register(cmd, e)
	f.saveFlags.register(cmd, ".", "write the images to this `DIR` (- writes one image to standard output)")
	cmd.Flags().StringVar(&f.name, "name", "", "name the files by this `TEMPLATE`, such as {key}-{n}{ext}")
	f.Register(cmd, wrapper.DefaultTimeout)
	f.RegisterQuiet(cmd, "print only the names of the files")
	return cmd
}

const downloadLong = `Download the images of completed tasks to a directory.

` + idsHelp + ` Alone it
means those that are submitted or completed, and so were not saved.
Up to 4 tasks are downloaded at a time, and reported as they finish. The journal gets
to know where the images of a task are.

` + filesHelp + `
A file that is there already is skipped if it is the whole image, and that is success.
--name names the files otherwise: {task} is the id, {n} the number of the image from 1,
{ext} its extension with the dot, {key} and {model} are those of the task in the journal;
a slash makes directories. --out - writes the image of one task to standard output, once
it is whole, and the report to standard error; the journal is not told that it is saved.

` + journal.Help + `

` + service.KeyHelp + `

With --output json, each line is an object with type "image", id, index, file, bytes
and, if the file was there already, skipped, or with type "error", id, error, code,
http_status and request_id.

` + statusHelp

const filesHelp = `Files are named ID-1.png, ID-2.png and so on, with an extension for their content;
characters of an id that are not portable in file names are replaced. Files are
renamed into place once complete; existing files are kept unless you pass --force.
Images are requested without the key, and only from public addresses, unless the
service itself is on this machine or you pass --allow-private.`

const downloadExample = `  tensorslab images download --demo --out pictures
  tensorslab images download abcd_1234567890abcdef --out pictures
  tensorslab images download abcd_1234567890abcdef --out - > fox.png
  tensorslab images download --from-journal --out pictures --name "{key}-{n}{ext}"`

// download saves the images of a task, and records where.
func download(names naming, f *saveFlags) taskFunc {
	return func(ctx context.Context, t *taskRun, id string) error {
		info, err := t.query(ctx, id)
		if err != nil {
			return err
		}
		files, err := t.saveImages(ctx, names, id, info)
		if err == nil {
			t.track.saved(ctx, id, files)
			t.show(f, files)
		}
		return err
	}
}
