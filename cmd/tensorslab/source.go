package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
)

const (
	demoTasks = 12
	stdinName = "standard input"
)

// readIDs collects the ids from all places, or takes those of the demo where
// there are none. It reads to the end before anything is sent, since a bad line
// anywhere means that this may be the wrong file.
func readIDs(ctx context.Context, e env, file string, demo, args []string) (*idlist.List, error) {
	ids := idlist.New()
	for i, id := range args {
		if err := ids.Add(id); err != nil {
			return nil, usagef("argument %d: %w; nothing was sent", i+1, err)
		}
	}
	switch {
	case file == "-":
		return ids, loadStdin(ctx, e, ids)
	case file != "":
		return ids, loadFile(ctx, file, ids)
	case len(args) > 0:
		return ids, nil
	case len(demo) > 0:
		return ids, addAll(ids, demo)
	case isList(e.stdin):
		return ids, loadStdin(ctx, e, ids)
	}
	return nil, usagef("no ids; give them as arguments, with --file, or on standard input (see --help)")
}

func loadStdin(ctx context.Context, e env, ids *idlist.List) error {
	return load(ctx, e.stdin, stdinName, ids)
}

func loadFile(ctx context.Context, name string, ids *idlist.List) error {
	file, err := os.Open(name)
	if err != nil {
		return usagef("cannot read the ids: %w; nothing was sent", err)
	}
	defer file.Close()
	return load(ctx, file, name, ids)
}

func load(ctx context.Context, r io.Reader, name string, ids *idlist.List) error {
	return await(ctx, func() error {
		if err := ids.Load(r, name); err != nil {
			return usagef("%w; nothing was sent", err)
		}
		return nil
	})
}

func addAll(ids *idlist.List, all []string) error {
	for _, id := range all {
		if err := ids.Add(id); err != nil {
			return err
		}
	}
	return nil
}

// isList reports whether stdin is read without being asked for: a pipe or a
// file, and neither a terminal nor the null device of a scheduled job.
func isList(stdin io.Reader) bool {
	file, ok := stdin.(*os.File)
	if !ok {
		return stdin != nil
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}

// taskIDs makes ids for the fake service, the same ones each time.
func taskIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("task_%06d", i+1)
	}
	return ids
}
