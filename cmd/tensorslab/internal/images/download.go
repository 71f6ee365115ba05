package images

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/generated"
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

` + filesHelp + `

` + service.KeyHelp + `

With --output json, each line is an object with type "image", id, index, file and
bytes, or with type "error", id, error, code, http_status and request_id.

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
	return t.saveAll(ctx, id, info)
}

// saveAll downloads the images of a task.
func (t *taskRun) saveAll(ctx context.Context, id string, info *generated.ImageInfoData) error {
	switch {
	case info.ImageStatus == cli.StatusFailed:
		return errors.New("the task failed and has no images" + cli.Because(info.ErrorMessage))
	case info.ImageStatus != cli.StatusCompleted:
		return fmt.Errorf("%w (%s); wait for it with: %s", errUnfinished, cli.StatusName(info.ImageStatus), cli.ShellCommand("wait", id))
	case len(info.URL) == 0:
		return errors.New("the service lists no image for the task")
	}
	var errs []error
	for i, address := range bounded(info.URL) {
		if err := t.saveImage(ctx, id, i+1, address); err != nil {
			errs = append(errs, fmt.Errorf("image %d: %w", i+1, err))
		}
	}
	return errors.Join(append(errs, tooMany(info.URL, "downloaded"))...)
}

func (t *taskRun) saveImage(ctx context.Context, id string, index int, address string) error {
	var got wrapper.Downloaded
	file, err := t.retry(ctx, func() (file string, broken bool, err error) {
		file, got, broken, err = t.saveOnce(ctx, id, index, address)
		return file, broken, err
	})
	if err != nil {
		return t.keptFile(err)
	}
	t.report.Report(imageRecord{id, index, file, got.Bytes})
	return nil
}

// saveOnce downloads an image once. If that fails, it also returns whether the download
// broke in the middle, which the library does not retry, because it has written already.
func (t *taskRun) saveOnce(ctx context.Context, id string, index int, address string) (file string, got wrapper.Downloaded, broken bool, err error) {
	image := fmt.Sprintf("image %d", index)
	t.spinner.Say(id, image)
	file, err = t.folder.Save(fmt.Sprintf("%s-%d", outfile.Name(id), index), func(w io.Writer) (extension string, err error) {
		out := &counter{w: w, onWrite: func(n int64) { t.spinner.Say(id, image+", "+size(n)) }}
		got, err = t.client.Download(ctx, address, out)
		broken = err != nil && isBroken(err) && out.n > 0 && out.err == nil
		return got.Ext, t.Advisor().Describe(err)
	})
	return file, got, broken, err
}

// counter calls onWrite with the number of bytes written so far.
type counter struct {
	w       io.Writer
	onWrite func(n int64)
	n       int64
	err     error // of w
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.err = err
	c.onWrite(c.n)
	return n, err
}

// size returns a number of bytes for people.
func size(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%d kB", n/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
