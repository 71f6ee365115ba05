package images

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// sourceFiles are copies of the files of --source. It is safe for concurrent use.
type sourceFiles struct {
	mu      sync.Mutex
	sources []*wrapper.Source
	closed  bool
}

// add keeps a copy to close it later, or closes it at once if the others are closed.
func (f *sourceFiles) add(source *wrapper.Source) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		_ = source.Close()
		return
	}
	f.sources = append(f.sources, source)
}

// close removes the copies. A temporary file that cannot be removed is no reason to fail.
func (f *sourceFiles) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for _, source := range f.sources {
		_ = source.Close()
	}
	f.sources = nil
}

// openSources copies the files, so that a file that changes later does not change what
// is sent. The copies are removed by closeAll, or by onExit if the process exits earlier.
// The name - stands for stdin, unless that is nil.
func openSources(ctx context.Context, onExit *cli.ExitHook, stdin io.Reader, names []string) (files []types.File, closeAll func(), err error) {
	copies := new(sourceFiles)
	onExit.Set(copies.close)
	for _, name := range names {
		source, err := openSource(ctx, stdin, name)
		if err != nil {
			copies.close()
			return nil, nil, err
		}
		copies.add(source)
		files = append(files, source.File())
	}
	return files, copies.close, nil
}

// openSource can always be interrupted. The read of a silent pipe is left running for
// that. The read of a regular file is not, so that its copy is removed.
func openSource(ctx context.Context, stdin io.Reader, name string) (*wrapper.Source, error) {
	if name == "-" && stdin != nil {
		if err := cli.CheckPiped(stdin, "--source -", "redirect it from an image"); err != nil {
			return nil, err
		}
		return cli.AwaitValue(ctx, func() (*wrapper.Source, error) { return copySource(ctx, "standard input", "source", stdin) })
	}
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
		return copyFile(ctx, name)
	}
	return cli.AwaitValue(ctx, func() (*wrapper.Source, error) { return copyFile(ctx, name) })
}

func copyFile(ctx context.Context, name string) (*wrapper.Source, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, cli.Usagef("cannot read --source: %w; nothing was sent", err)
	}
	defer file.Close()
	return copySource(ctx, name, filepath.Base(name), file)
}

func copySource(ctx context.Context, name, filename string, in io.Reader) (*wrapper.Source, error) {
	content := bufio.NewReader(contextReader{ctx, in})
	if _, err := content.Peek(1); errors.Is(err, io.EOF) {
		return nil, cli.Usagef("cannot read --source: %s is empty; nothing was sent", name)
	}
	source, err := wrapper.NewSource(filename, content)
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
