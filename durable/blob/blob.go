// Package blob saves images where all machines find them: [Save] is the Save of
// durable.Options, and of batch.Options.
//
//	opts.Save = blob.Save(blob.Dir("/mnt/pictures"))
//
// [Dir] is a directory, such as a volume that all machines mount. Package s3blob, a module of
// its own, has the same for storage that is compatible with Amazon S3.
//
// An image of the job "fox" whose task is abcd_12 is named fox/abcd_12-1.png. So two images
// never have one name, and what is found under a name is the image that was to be saved. The
// entry of the job lists where its images are.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Store is a place for images, safe for concurrent use.
type Store interface {
	// Put stores size bytes of an image, and returns where it is, for people. name has
	// slashes; mediaType is such as "image/png", by the first bytes of the image. Others see the
	// image whole or not at all, also after a crash. The same image may be put
	// several times, also by two machines at once; no other one is put under its name.
	Put(ctx context.Context, name, mediaType string, image io.ReadSeeker, size int64) (location string, err error)
}

var names, errNames = batch.ParseTemplate("{key}/{task}-{n}{ext}")

var errNoTask = errors.New("blob: the job has no task, so that its image has no name of its own")

// Save returns a Save that puts images into a store. Each is first downloaded to a temporary
// file, in the directory of [os.TempDir], so that the store gets whole images only.
func Save(store Store) batch.SaveFunc {
	return func(ctx context.Context, r batch.Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error {
		if r.TaskID == "" || errNames != nil {
			return errors.Join(errNames, errNoTask)
		}
		file, err := os.CreateTemp("", "tensorslab-*")
		if err != nil {
			return fmt.Errorf("blob: %w", err)
		}
		defer func() { _, _ = file.Close(), os.Remove(file.Name()) }() // nothing was promised of it
		_ = os.Remove(file.Name())                                     // so that a kill leaves nothing behind; only Unix can do it now
		location, err := move(ctx, store, file, r, image, open)
		if err != nil {
			return fmt.Errorf("blob: image %d of task %.200q: %w", image, r.TaskID, err)
		}
		batch.AddFile(ctx, location)
		return nil
	}
}

// move downloads an image to the file, and puts it into the store.
func move(ctx context.Context, store Store, file *os.File, r batch.Result, image int, open func(io.Writer) (wrapper.Downloaded, error)) (string, error) {
	got, err := open(file)
	if err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return store.Put(ctx, names.Name(r, image, got.Ext), got.MediaType, file, got.Bytes)
}
