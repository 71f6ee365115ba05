package images

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// keptError says that an image was not saved because a file was in its way. The task did
// not fail.
type keptError struct{ path string }

// Error names the file.
func (e *keptError) Error() string { return cli.Printable(e.path) + " exists and was kept" }

// keptFile returns err, or a keptError with the name of the file if err is that it exists.
func (t *taskRun) keptFile(err error) error {
	var inPath *fs.PathError
	if errors.Is(err, fs.ErrExist) && errors.As(err, &inPath) && !t.folder.Replaces() {
		return &keptError{inPath.Path}
	}
	return err
}

// isKept reports whether every error that is joined in err is a keptError, so that nothing
// failed.
func isKept(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // it looks at one level at a time
		return !slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !isKept(e) })
	}
	var kept *keptError
	return errors.As(err, &kept)
}
