package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

const maxSaves = 3

// save saves the images of a completed task, beside the tasks that have places.
func (t *task) save() {
	select {
	case t.run.saving <- struct{}{}:
		defer func() { <-t.run.saving }()
	case <-t.run.ctx.Done():
	}
	var err error
	for attempt := range maxSaves {
		if t.run.ctx.Err() != nil || attempt > 0 && !sleep(t.run.ctx, time.Second<<attempt) {
			break
		}
		if err = t.saveAll(); err == nil {
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
	files := new(fileList)
	ctx := context.WithValue(t.run.ctx, filesKey{}, files)
	for i, address := range t.data.URL {
		open := func(w io.Writer) (wrapper.Downloaded, error) { return download(ctx, t.run.client, address, w) }
		if err := t.run.opts.Save(ctx, resultOf(t.entry, nil), i+1, open); err != nil {
			return fmt.Errorf("batch: image %d was not saved: %w", i+1, err)
		}
	}
	t.entry.Files = files.names
	return nil
}

// fileList collects what AddFile is told.
type fileList struct{ names []string }

// filesKey is the key of a *fileList in the context of a Save.
type filesKey struct{}

// AddFile tells the journal where an image was saved: name goes to Result.Files.
// It is for functions that are an Options.Save, with the context that they are given.
func AddFile(ctx context.Context, name string) {
	if files, ok := ctx.Value(filesKey{}).(*fileList); ok {
		files.names = append(files.names, strings.ToValidUTF8(name, "\ufffd"))
	}
}

// download writes an image to w, and says what it is.
func download(ctx context.Context, c *wrapper.Client, address string, w io.Writer) (wrapper.Downloaded, error) {
	begin := &head{w: w}
	n, err := c.Download(ctx, address, begin)
	if err != nil {
		return wrapper.Downloaded{}, err
	}
	d := wrapper.Downloaded{Bytes: n, MediaType: http.DetectContentType(begin.data)}
	if n == 0 || strings.HasPrefix(d.MediaType, "text/") {
		return d, errNoImage
	}
	d.Ext = extOf(d.MediaType, address)
	return d, nil
}

var errNoImage = errors.New("batch: what the image host sent is no image, but empty or a text")

// head keeps the beginning of what is written to w.
type head struct {
	w    io.Writer
	data []byte
}

func (h *head) Write(p []byte) (int, error) {
	h.data = append(h.data, p[:min(len(p), 512-len(h.data))]...)
	return h.w.Write(p)
}

// extensions are those that files get, and under which they are looked for.
var extensions = []string{".png", ".jpg", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp", ".tiff", ".img"}

func extOf(mediaType, address string) string {
	switch mediaType {
	case "image/png", "image/gif", "image/webp", "image/bmp":
		return "." + strings.TrimPrefix(mediaType, "image/")
	case "image/jpeg":
		return ".jpg"
	}
	if u, err := url.Parse(address); err == nil {
		for _, ext := range extensions {
			if strings.EqualFold(path.Ext(u.Path), ext) {
				return ext
			}
		}
	}
	return ".img"
}
