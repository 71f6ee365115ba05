package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// maxSaves is how many times the images of a task are tried to be saved.
	maxSaves = 3
	// maxUnsaved is after how many tasks in a row whose images could not be saved
	// nothing more is paid for.
	maxUnsaved = 5
	// maxImages bounds the images of a task: ten times as many as a request can ask for.
	maxImages = 150
)

// saveAgain is half of the wait before images are tried to be saved a second time; each
// further wait is twice the one before. A run that queries more often than each second
// does not wait for longer here either.
func (o Options) saveAgain() time.Duration {
	return min(cmp.Or(o.Wait.Interval, time.Second), time.Second)
}

// save saves the images of a completed task, beside the tasks that have places.
func (t *task) save() {
	select {
	case t.run.saving <- struct{}{}:
		defer func() { <-t.run.saving }()
	case <-t.run.ctx.Done():
	}
	var err error
	for attempt := range maxSaves {
		if t.run.ctx.Err() != nil || attempt > 0 && !sleep(t.run.ctx, t.run.opts.saveAgain()<<attempt) {
			break
		}
		if err = t.saveAll(); err == nil {
			t.run.unsaved.Store(0)
			t.change(Saved, nil)
			return
		}
		if !errors.As(err, new(*wrapper.DownloadError)) {
			break
		}
		t.data = nil // the addresses may have expired
	}
	if err == nil {
		t.err = fmt.Errorf("batch: the images were not saved, and the next run does so: %w", t.run.ctx.Err())
		return
	}
	if t.run.ctx.Err() == nil && !t.change(Completed, err) {
		return
	}
	t.err = err
	if t.run.ctx.Err() == nil && !t.isAgain && t.run.unsaved.Add(1) == maxUnsaved {
		t.run.events <- event{stop: err}
	}
}

// saveAll saves all images once.
func (t *task) saveAll() error {
	if t.data == nil {
		info, err := t.run.client.InfoByTaskID(t.run.ctx, t.entry.TaskID)
		if err != nil {
			return fmt.Errorf("batch: the addresses of the images can't be had: %w", err)
		}
		t.data = &info.Data
	}
	if len(t.data.URL) == 0 {
		return errors.New("batch: the service has no images of the task any more")
	}
	if n := len(t.data.URL); n > maxImages {
		return fmt.Errorf("batch: the service names %d images of the task, and no task has more than %d; report it to the service", n, maxImages)
	}
	ctx, files := CollectFiles(t.run.ctx)
	for i, address := range t.data.URL {
		open := func(w io.Writer) (wrapper.Downloaded, error) { return t.run.client.Download(ctx, address, w) }
		if err := t.run.opts.Save(ctx, resultOf(t.entry, nil), i+1, open); err != nil {
			return fmt.Errorf("batch: image %d was not saved: %w", i+1, err)
		}
	}
	t.entry.Files = files()
	return nil
}

// fileList collects what AddFile is told.
type fileList struct{ names []string }

// filesKey is the key of a *fileList in the context of a Save.
type filesKey struct{}

// CollectFiles returns a context for calls of an Options.Save, and a function that returns the
// names that they passed to [AddFile]: for those who save images by other means than [Run]. The
// calls must not run at the same time.
func CollectFiles(ctx context.Context) (saving context.Context, names func() []string) {
	files := new(fileList)
	return context.WithValue(ctx, filesKey{}, files), func() []string { return files.names }
}

// AddFile tells the journal where an image was saved: name goes to Result.Files.
// It is for functions that are an Options.Save, with the context that they are given.
func AddFile(ctx context.Context, name string) {
	if files, ok := ctx.Value(filesKey{}).(*fileList); ok {
		files.names = append(files.names, strings.ToValidUTF8(name, "\ufffd"))
	}
}
