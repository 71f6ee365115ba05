package images

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// stdout is the --out that means standard output instead of a directory.
const stdout = "-"

// checkStdout sets f.toStdout if --out says so. It returns a usage error for flags that have no effect on an image that goes to
// standard output.
func (f *saveFlags) checkStdout(e cli.Env, fs *pflag.FlagSet) error {
	if f.out != stdout {
		return nil
	}
	for _, flag := range []string{"force", "name", "quiet", "output", "open"} {
		if fs.Changed(flag) {
			return cli.Usagef("--%s does not apply to --out -, which writes one image to standard output", flag)
		}
	}
	if cli.IsTerminal(e.Stdout) {
		return cli.Usagef("--out - writes an image to standard output, which is a terminal; redirect it to a file; nothing was sent")
	}
	f.toStdout = true
	return nil
}

// toStdout downloads the image of a task, and then writes it to standard output: nothing is
// written of an image that is not whole. The journal is not told that it is saved, because
// nobody knows what the reader does with it.
func toStdout(ctx context.Context, t *taskRun, id string) error {
	info, err := t.query(ctx, id)
	if err == nil {
		err = t.checkImages(id, info)
	}
	switch {
	case err != nil:
		return err
	case len(info.URL) > 1:
		return fmt.Errorf("the task has %s, and --out - writes one; use --out DIR", cli.Count(len(info.URL), "image"))
	}
	dir, remove, err := t.OnExit.TempDir("tensorslab-image-")
	if err != nil {
		return err
	}
	defer remove()
	path := filepath.Join(dir, "image")
	t.spinner.Say(id, "image 1")
	got, err := t.fetch(ctx, info.URL[0], path)
	if err != nil {
		return err
	}
	if err := copyTo(t.Stdout, path); err != nil {
		return err
	}
	t.report.Report(imageRecord{id: id, index: 1, file: "standard output", bytes: got.Bytes})
	return nil
}

// fetch downloads an image to a file that does not exist yet.
func (t *taskRun) fetch(ctx context.Context, address, path string) (wrapper.Downloaded, error) {
	start := time.Now()
	got, err := t.client.DownloadFile(ctx, address, path)
	t.TraceDownload(t.Env, address, time.Since(start), got, err)
	return got, t.Advisor().Describe(err)
}

func copyTo(out io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(out, file); err != nil {
		return fmt.Errorf("standard output could not be written: %w", err)
	}
	return nil
}
