package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// Existing opens the journal to change entries that it has, beside other processes that
// may do the same. It creates none: it returns nil for --no-journal, and if the default
// journal does not exist.
func (f *Flags) Existing(ctx context.Context, e cli.Env) (*batch.FileJournal, error) {
	if f.None {
		return nil, nil
	}
	path, err := f.Path(e)
	if err != nil {
		return nil, err
	}
	return cli.AwaitValue(ctx, func() (*batch.FileJournal, error) { // another process may be writing
		switch _, err := os.Stat(path); {
		case f.File == "" && errors.Is(err, fs.ErrNotExist):
			return nil, nil
		case err != nil:
			return nil, cli.Usagef("cannot open the journal of tasks: %w; correct that, or name another file with --journal; nothing was sent", err)
		}
		j, err := batch.OpenSharedJournal(path)
		if err != nil {
			return nil, cli.Usagef("cannot open the journal of tasks: %w; correct that, or name another file with --journal; nothing was sent", bare(err))
		}
		if err := f.bind(e, path, j); err != nil {
			return nil, err
		}
		return j, nil
	})
}
