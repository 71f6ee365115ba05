package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// repository is the module's clone. Only what is committed is read; neither the
// files nor the index are touched.
type repository struct {
	root   string
	commit string // BASE
}

// openRepository checks that revision names a commit of the clone at root.
func openRepository(ctx context.Context, root, revision string) (*repository, error) {
	if revision == "" {
		return nil, errors.New("BASE is not set: give a git revision, such as BASE=main or BASE=v0.1.0")
	}
	r := &repository{root: root}
	out, err := r.git(ctx, nil, "rev-parse", "--quiet", "--verify", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("BASE: %q is not a commit of this clone (a shallow one lacks most: git fetch --unshallow): %w", revision, err)
	}
	r.commit = strings.TrimSpace(out)
	return r, nil
}

func (r *repository) git(ctx context.Context, env []string, args ...string) (string, error) {
	return codegen.Run(ctx, r.root, env, "git", args...)
}

// has reports whether there was such a file.
func (r *repository) has(ctx context.Context, name string) (bool, error) {
	out, err := r.git(ctx, nil, "ls-tree", "--name-only", r.commit, "--", name)
	return strings.TrimSpace(out) != "", err
}

// contract returns a document as it was.
func (r *repository) contract(ctx context.Context, document string) ([]byte, error) {
	out, err := r.git(ctx, nil, "cat-file", "blob", r.commit+":"+document)
	if err != nil {
		return nil, fmt.Errorf("%s of BASE: %w", document, err)
	}
	return []byte(out), nil
}

// export writes all files as they were into dir. An index of its own keeps the
// clone's as it is.
func (r *repository) export(ctx context.Context, dir string) error {
	index := []string{"GIT_INDEX_FILE=" + filepath.Join(dir, ".index")}
	if _, err := r.git(ctx, index, "read-tree", r.commit+"^{tree}"); err != nil {
		return fmt.Errorf("read BASE: %w", err)
	}
	if _, err := r.git(ctx, index, "checkout-index", "--all", "--prefix="+dir+string(os.PathSeparator)); err != nil {
		return fmt.Errorf("check out BASE: %w", err)
	}
	return nil
}
