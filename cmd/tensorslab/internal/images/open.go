package images

import (
	"path/filepath"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
)

// show opens the first image that the command has saved with the program that the platform
// has for it, if --open asks for that: only ever a file of this machine, and never an
// address that the service has given. That it cannot be shown is no failure of the task.
func (t *taskRun) show(f *saveFlags, files []string) {
	if !f.view || len(files) == 0 {
		return
	}
	t.shown.Do(func() {
		if reason := t.open(files[0]); reason != "" {
			_ = t.spinner.Aside(func() error {
				t.Warn("--open: " + cli.Printable(files[0]) + " is saved, but cannot be shown: " + reason)
				return nil
			})
		}
	})
}

// open returns why a file cannot be shown, or an empty string.
func (t *taskRun) open(file string) (reason string) {
	path, err := filepath.Abs(file) // an opener could take a relative name for a flag
	switch {
	case err != nil:
		return err.Error()
	case t.Open == nil:
		return "there is no program for that here, or no screen"
	case !outfile.IsImage(path):
		return "it is not an image with the extension of its kind"
	}
	if err := t.Open(path); err != nil {
		return err.Error()
	}
	return ""
}
