package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newDownloadCommand(e env) *cobra.Command {
	var f struct {
		tasksFlags
		saveFlags
	}
	cmd := &cobra.Command{
		Use:   "download [ID…]",
		Short: "Download the images of completed tasks",
		Long: `Download the images of completed tasks to a folder.

` + idsHelp + `
Up to 4 tasks are downloaded at a time, and told as their images are there.

` + filesHelp + `

` + keyHelp + `

With --output json, each line is an object with type "image", id, index, file and
bytes, or with type "error", id, error, code, http_status and request_id.

` + tasksStatusHelp,
		Example: `  tensorslab images download --demo --out pictures
  tensorslab images download abcd_1234567890abcdef --out pictures`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd.Flags()); err != nil {
				return err
			}
			return taskCommand{tasksFlags: f.tasksFlags, save: &f.saveFlags, atOnce: atATime, do: func(ctx context.Context, t *taskRun, id string) error {
				info, err := t.client.InfoByTaskID(ctx, id)
				if err != nil {
					return err
				}
				return t.saveAll(ctx, id, &info.Data)
			}}.run(cmd.Context(), e, args)
		},
	}
	f.tasksFlags.register(cmd)
	f.saveFlags.register(cmd, ".", "write the images to this `DIR`")
	f.serviceFlags.register(cmd, wrapper.DefaultTimeout)
	return cmd
}

const filesHelp = `Files are named ID-1.png, ID-2.png and so on, by what is in them; characters
of an id that not every system takes in a name are replaced. A file gets its name
when it is whole, and one that is there already is replaced with --force only.
Images are fetched without the key, and from public addresses only, unless the
service itself is on this machine or --allow-private is given.`

// saveAll downloads all images of a task.
func (t *taskRun) saveAll(ctx context.Context, id string, info *generated.ImageInfoData) error {
	switch {
	case info.ImageStatus == statusTaskFailed:
		return errors.New("the task failed, so that it has no images" + because(info.ErrorMessage))
	case info.ImageStatus != statusCompleted:
		return fmt.Errorf("the task is not completed (%s); wait for it with: %s", statusName(info.ImageStatus), advise("wait", id))
	case len(info.URL) == 0:
		return errors.New("the service names no image of the task")
	}
	var errs []error
	for i, address := range info.URL {
		if err := t.save(ctx, id, i+1, address); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (t *taskRun) save(ctx context.Context, id string, index int, address string) error {
	image := fmt.Sprintf("image %d", index)
	t.spinner.say(id, image)
	var n int64
	file, err := t.folder.Save(fmt.Sprintf("%s-%d", outfile.Name(id), index), func(w io.Writer) (err error) {
		n, err = t.client.Download(ctx, address, &counter{w: w, tell: func(n int64) { t.spinner.say(id, image+", "+size(n)) }})
		return err
	})
	switch {
	case errors.Is(err, fs.ErrExist) && !t.folder.Replaces():
		return fmt.Errorf("%s: %w; give --force to replace it", image, err)
	case err != nil:
		return fmt.Errorf("%s: %w", image, err)
	}
	t.tell(func(r taskReporter) error { return r.image(id, index, file, n) })
	return nil
}

// counter tells how much has been written.
type counter struct {
	w    io.Writer
	tell func(n int64)
	n    int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.tell(c.n)
	return n, err
}

// size is a number of bytes for people.
func size(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%d kB", n/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
