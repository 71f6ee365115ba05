package batch

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ErrFileExists: there is a file already of a name that an image of a job would get, and it is not
// that image. It is found before the job is submitted, or, if the file came later, when the image is saved.
var ErrFileExists = errors.New("the file is there already, and not from this journal: move it, or use another directory or template")

// ToDir returns an Options.Save that writes images to files in dir, which is
// made if it does not exist. template names them: {key}, {task} and {model} are
// those of the job, {n} is the number of the image from 1, {ext} its extension with
// the dot; for example "{key}-{n}{ext}". A slash makes directories. Characters of a key
// that are not safe in file names are written as in a URL: %2F for a slash.
//
// Files get their names when they are whole and synced; a process that is killed may leave one whose
// name begins with ".tensorslab-". A file that is there when an image is to be saved is kept. That is
// success if the journal names it as the image's, or if it has the image's content, and
// [ErrFileExists] otherwise. An empty file is replaced.
//
// [Run] refuses a template by which two images could get one name, a directory that
// can't be written, and, for each job that was never submitted, a file that is there
// already, before anything is paid.
func ToDir(dir, template string) func(ctx context.Context, r Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error {
	d := &directory{path: dir, seed: maphash.MakeSeed(), names: map[uint64]uint64{}}
	d.template, d.err = parseTemplate(template)
	return d.save
}

type directory struct {
	path     string
	template template
	err      error

	mu    sync.Mutex // guards names
	seed  maphash.Seed
	names map[uint64]uint64 // of the jobs of this process, in lower case, with their keys
}

// selfKey is the key of a **directory in the context of a call that only asks for
// the directory.
type selfKey struct{}

// directoryOf returns the directory of an Options.Save of ToDir, or nil for any other
// one. All functions of ToDir are the method save.
func directoryOf(save SaveFunc) (*directory, error) {
	if save == nil || reflect.ValueOf(save).Pointer() != reflect.ValueOf(new(directory).save).Pointer() {
		return nil, nil
	}
	var d *directory
	err := save(context.WithValue(context.Background(), selfKey{}, &d), Result{}, 0, nil)
	return d, err
}

func (d *directory) isWritable() error {
	if d == nil {
		return nil
	}
	err := os.MkdirAll(d.path, 0o777)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(d.path, ".tensorslab-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("batch: images can't be saved: %w", err)
	}
	return nil
}

// lacksImages reports whether images of a job that is saved are not in the directory any
// more, or not yet.
func (r *run) lacksImages(e Entry) bool {
	if r.dir == nil || !r.opts.CheckFiles || e.State != Saved {
		return false
	}
	for image := range max(1, len(e.Files)) {
		if r.dir.find(resultOf(e, nil), image+1, r.seen) == "" {
			return true
		}
	}
	return false
}

// check refuses a job whose images could not get files of their own.
func (d *directory) check(r Result, images int, seen *snapshot) error {
	if d == nil {
		return nil
	}
	if images > 1 && !d.template.has("n") {
		return fmt.Errorf("batch: %w: it has no {n}, and the job makes %d images", ErrTemplate, images)
	}
	if part := d.template.tooLong(r, images); part != "" {
		return fmt.Errorf("batch: %w: a name of more than %d bytes, which begins with %.40q, can't be written", ErrTemplate, maxPart, part)
	}
	if d.template.has("task") {
		return nil
	}
	name := d.template.name(r, 1, "")
	folded, owner := maphash.String(d.seed, strings.ToLower(name)), maphash.String(d.seed, r.Key)
	d.mu.Lock()
	defer d.mu.Unlock()
	if other, ok := d.names[folded]; ok && other != owner {
		return fmt.Errorf("batch: %w: where case does not count, an earlier job has the file name %q as well", ErrTemplate, name)
	}
	d.names[folded] = owner
	for image := range min(max(1, images), maxImages) {
		if found := d.find(r, image+1, seen); found != "" {
			return fmt.Errorf("batch: %s: %w", found, ErrFileExists)
		}
	}
	return nil
}

// extensions are those of [wrapper.Downloaded], under which files are looked for.
var extensions = []string{".png", ".jpg", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp", ".tiff", ".bin"}

// find returns the file of an image that is there already, whatever its extension. It
// need not look for those that seen lacks.
func (d *directory) find(r Result, image int, seen *snapshot) string {
	for _, ext := range extensions {
		path := d.file(r, image, ext)
		if seen.lacks(path) {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
			return path
		}
		if !d.template.has("ext") {
			break
		}
	}
	return ""
}

func (d *directory) file(r Result, image int, ext string) string {
	return filepath.Join(d.path, filepath.FromSlash(d.template.name(r, image, ext)))
}

func (d *directory) save(ctx context.Context, r Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error {
	if self, ok := ctx.Value(selfKey{}).(**directory); ok {
		*self = d
		return d.err
	}
	if d.err != nil {
		return d.err
	}
	if image > 1 && !d.template.has("n") {
		return fmt.Errorf("batch: %w: it has no {n}, and the task has several images", ErrTemplate)
	}
	path := d.find(r, image, nil)
	if path == "" || !slices.Contains(r.Files, path) { // it may be anybody's
		var err error
		if path, err = d.write(r, image, open); err != nil {
			return err
		}
	}
	AddFile(ctx, path)
	return nil
}
