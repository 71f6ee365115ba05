package images

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// openSources copies the files, so that a file that changes later does not change what
// is sent.
func openSources(ctx context.Context, names []string) (files []types.File, closeAll func(), err error) {
	var sources []*wrapper.Source
	closeAll = func() {
		for _, s := range sources {
			_ = s.Close() // a temporary file that cannot be removed is no reason to fail
		}
	}
	for _, name := range names {
		source, err := openSource(ctx, name)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		sources = append(sources, source)
		files = append(files, source.File())
	}
	return files, closeAll, nil
}

// openSource can always be interrupted. The read of a silent pipe is left running for
// that. The read of a regular file is not, so that its copy is removed.
func openSource(ctx context.Context, name string) (source *wrapper.Source, err error) {
	if info, statErr := os.Stat(name); statErr != nil || info.Mode().IsRegular() {
		return copySource(ctx, name)
	}
	err = cli.Await(ctx, func() (err error) {
		source, err = copySource(ctx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return source, nil
}

func copySource(ctx context.Context, name string) (*wrapper.Source, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, cli.Usagef("cannot read --source: %w; nothing was sent", err)
	}
	defer file.Close()
	content := bufio.NewReader(contextReader{ctx, file})
	if _, err := content.Peek(1); errors.Is(err, io.EOF) {
		return nil, cli.Usagef("cannot read --source: %s is empty; nothing was sent", name)
	}
	source, err := wrapper.NewSource(filepath.Base(name), content)
	switch {
	case ctx.Err() != nil && err != nil:
		return nil, cli.Failf(cli.Interrupted, "interrupted; nothing was sent")
	case err != nil:
		return nil, cli.Usagef("cannot read --source: %w; nothing was sent", err)
	}
	return source, nil
}

// contextReader is a reader that fails once ctx has ended.
type contextReader struct {
	ctx context.Context //nolint:containedctx // Read has no such parameter
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
