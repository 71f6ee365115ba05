package images

import (
	"context"
	"io"
	"os"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

// readIDs reads the ids of the command line, or takes those of the demo if there are
// none. It reads everything before anything is sent, because a malformed line anywhere
// may mean that it is the wrong file.
func readIDs(ctx context.Context, e cli.Env, file string, demo, args []string) (ids *idlist.List, err error) {
	ids = idlist.New()
	for i, id := range args {
		if err := ids.Add(id); err != nil {
			return nil, cli.Usagef("argument %d: %w; nothing was sent", i+1, err)
		}
	}
	switch {
	case file == "-", file == "" && len(args) == 0 && len(demo) == 0 && isList(e.Stdin):
		err = load(ctx, e.Stdin, "standard input", ids)
	case file != "":
		err = loadFile(ctx, file, ids)
	case len(args) > 0:
	case len(demo) > 0:
		return ids, addAll(ids, demo)
	default:
		err = cli.Usagef("no ids; pass them as arguments, with --file, or on standard input; \"tensorslab images list\" shows those that this machine created")
	}
	if err != nil { // ids may be added to even now
		return nil, err
	}
	return ids, checkNoKey(e, ids)
}

// checkNoKey refuses the API key in place of an id, which would be in the lists of ids that are written.
func checkNoKey(e cli.Env, ids *idlist.List) error {
	service.LearnKey(e)
	for i, id := range ids.IDs() {
		if e.Secret.Text(id) != id {
			return cli.Usagef("id %d of %d holds the API key; nothing was sent", i+1, ids.Len())
		}
	}
	return nil
}

// loadFile can be interrupted while it opens the file: if that is a pipe, opening it waits
// for the writer.
func loadFile(ctx context.Context, name string, ids *idlist.List) error {
	return cli.Await(ctx, func() error {
		file, err := os.Open(name)
		if err != nil {
			return cli.Usagef("cannot read the ids: %w; nothing was sent", err)
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return cli.Usagef("cannot read the ids: %s is a directory; nothing was sent", cli.Printable(name))
		}
		return loadFrom(file, name, ids)
	})
}

func load(ctx context.Context, r io.Reader, name string, ids *idlist.List) error {
	return cli.Await(ctx, func() error { return loadFrom(r, name, ids) })
}

func loadFrom(r io.Reader, name string, ids *idlist.List) error {
	if err := ids.Load(cli.Bounded(r, maxInput), name); err != nil {
		return cli.Usagef("%w; nothing was sent", err)
	}
	return nil
}

func addAll(ids *idlist.List, all []string) error {
	for _, id := range all {
		if err := ids.Add(id); err != nil {
			return err
		}
	}
	return nil
}

// isList reports whether standard input is read without --file -: if it is a pipe or a
// file, but not if it is a terminal, or the null device of a scheduled job.
func isList(stdin io.Reader) bool {
	file, ok := stdin.(*os.File)
	if !ok {
		return stdin != nil
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}
