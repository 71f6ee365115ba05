package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Limits of the source images of a call.
const (
	maxSources     = 10
	maxSourceBytes = 64 << 20
)

// openSources copies source images. They are read from the folder of --out only, where
// links lead no further: otherwise an agent could be talked into sending any file of the
// user to the service.
func (s *server) openSources(ctx context.Context, names []string) (files []types.File, closeAll func(), err error) {
	defer s.OnExit.Hold()()
	var copies []*wrapper.Source
	closeAll = func() { s.closeSources(copies) }
	if len(names) > maxSources {
		return nil, nil, cli.Usagef("source_files has more than %d files; nothing was sent", maxSources)
	}
	for _, name := range names {
		source, err := s.openSource(ctx, name)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		copies = append(copies, source)
		s.mu.Lock()
		s.sources[source] = struct{}{}
		s.mu.Unlock()
		files = append(files, source.File())
	}
	return files, closeAll, nil
}

// closeSources removes copies. That one cannot be removed is no reason to fail.
func (s *server) closeSources(copies []*wrapper.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, source := range copies {
		_ = source.Close()
		delete(s.sources, source)
	}
}

// inFolder returns the name of a source file relative to the folder of --out: download
// returns absolute paths.
func (s *server) inFolder(name string) string {
	if filepath.IsAbs(name) {
		if inFolder, err := filepath.Rel(s.out, name); err == nil {
			return inFolder
		}
	}
	return name
}

func (s *server) openSource(ctx context.Context, name string) (*wrapper.Source, error) {
	name = s.inFolder(name)
	if !filepath.IsLocal(name) {
		return nil, cli.Usagef("source_files names a file that is not in %s; nothing was sent", s.out)
	}
	root, err := os.OpenRoot(s.out)
	if err != nil {
		return nil, cli.Usagef("source_files: there is no folder %s; nothing was sent", s.out)
	}
	defer root.Close()
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, cli.Usagef("source_files: %s cannot be read in %s; nothing was sent", cli.Quote(name), s.out)
	case !info.Mode().IsRegular(), info.Size() == 0, info.Size() > maxSourceBytes:
		return nil, cli.Usagef("source_files: %s is not a file of at most %d MB; nothing was sent", cli.Quote(name), maxSourceBytes>>20)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, cli.Usagef("source_files: %s cannot be read in %s; nothing was sent", cli.Quote(name), s.out)
	}
	defer file.Close()
	source, err := wrapper.NewSource(filepath.Base(name), io.LimitReader(file, maxSourceBytes))
	if err == nil && ctx.Err() != nil {
		err = errors.Join(errEnded, source.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("source_files: %w; nothing was sent", err)
	}
	return source, nil
}
