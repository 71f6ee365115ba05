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

// files returns the copies in their order.
func (f *sourceFiles) files() (files []types.File) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, source := range f.sources {
		files = append(files, source.File())
	}
	return files
}

// openSources copies the files, so that a file that changes later does not change what
// is sent. The copies are removed by closeAll, which the caller has onExit call while it holds
// the process, so that no copy is left behind. The name - stands for stdin, unless that is nil.
func openSources(ctx context.Context, onExit *cli.ExitHook, stdin io.Reader, names []string) (files []types.File, closeAll func(), err error) {
	copies := new(sourceFiles)
	for _, name := range names {
		if err := copies.open(ctx, onExit, stdin, name); err != nil {
			copies.close()
			return nil, nil, err
		}
	}
	return copies.files(), copies.close, nil
}

// openSourcesOfRun opens the sources that a command uses until it ends.
func openSourcesOfRun(ctx context.Context, e cli.Env, names []string) (files []types.File, closeAll func(), err error) {
	defer e.OnExit.Hold()()
	files, closeAll, err = openSources(ctx, e.OnExit, e.Stdin, names)
	e.OnExit.Set(closeAll)
	return files, closeAll, err
}

// openSourcesOfRow opens the sources that a row of --file names. They are opened twice, to check and to
// send them, and so have to be regular files: a pipe would be empty the second time, or silent for ever.
func openSourcesOfRow(ctx context.Context, onExit *cli.ExitHook, names []string) (files []types.File, closeAll func(), err error) {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
			return nil, nil, cli.Usagef("cannot read --source: %s is not a regular file, which it has to be in a row; nothing was sent", name)
		}
	}
	return openSources(ctx, onExit, nil, names)
}

// open copies a file, which can always be interrupted. The read of a silent pipe is left
// running for that. The read of a regular file is not.
func (f *sourceFiles) open(ctx context.Context, onExit *cli.ExitHook, stdin io.Reader, name string) error {
	if name == "-" && stdin != nil {
		if err := cli.CheckPiped(stdin, "--source -", "redirect it from an image"); err != nil {
			return err
		}
		return cli.Await(ctx, func() error { return f.copy(ctx, onExit, "standard input", "source", stdin) })
	}
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
		return f.copyFile(ctx, onExit, name)
	}
	return cli.Await(ctx, func() error { return f.copyFile(ctx, onExit, name) })
}

func (f *sourceFiles) copyFile(ctx context.Context, onExit *cli.ExitHook, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return cli.Usagef("cannot read --source: %w; nothing was sent", err)
	}
	defer file.Close()
	return f.copy(ctx, onExit, name, filepath.Base(name), file)
}

// copy holds the process from when all is read, since there is a temporary file then, until
// the copy is one of those that close removes.
func (f *sourceFiles) copy(ctx context.Context, onExit *cli.ExitHook, name, filename string, in io.Reader) error {
	release := func() {}
	defer func() { release() }()
	content := bufio.NewReader(&contextReader{ctx, in, func() { release = onExit.Hold() }})
	if _, err := content.Peek(1); errors.Is(err, io.EOF) {
		return cli.Usagef("cannot read --source: %s is empty; nothing was sent", name)
	}
	source, err := wrapper.NewSource(filename, cli.Bounded(content, maxInput))
	switch {
	case ctx.Err() != nil && err != nil:
		return cli.Failf(cli.Interrupted, "interrupted; nothing was sent")
	case err != nil:
		return cli.Usagef("cannot read --source: %w; nothing was sent", err)
	}
	f.add(source)
	return nil
}

// contextReader is a reader that fails once ctx has ended. It calls atEnd once, when all is read.
type contextReader struct {
	ctx   context.Context //nolint:containedctx // Read has no such parameter
	r     io.Reader
	atEnd func()
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(p)
	if errors.Is(err, io.EOF) && r.atEnd != nil {
		r.atEnd()
		r.atEnd = nil
	}
	return n, err
}
