package images

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// saveImages downloads the images of a task, and returns where all of them are. Without an
// error none is missing.
func (t *taskRun) saveImages(ctx context.Context, names naming, id string, info *generated.ImageInfoData) (files []string, err error) {
	if err := t.checkImages(id, info); err != nil {
		return nil, err
	}
	var errs []error
	for i, address := range bounded(info.URL) {
		image, err := t.saveImage(ctx, names, id, i+1, address)
		if err != nil {
			errs = append(errs, fmt.Errorf("image %d: %w", i+1, t.keptFile(err)))
			continue
		}
		t.report.Report(names.record(image))
		files = append(files, image.file)
	}
	return files, errors.Join(append(errs, tooMany(info.URL, "downloaded"))...)
}

// checkImages returns an error unless the task has images.
func (t *taskRun) checkImages(id string, info *generated.ImageInfoData) error {
	switch {
	case info.ImageStatus == cli.StatusFailed:
		return errors.New("the task failed and has no images" + cli.Because(info.ErrorMessage))
	case info.ImageStatus != cli.StatusCompleted:
		return fmt.Errorf("%w (%s); wait for it with: %s", errUnfinished, cli.StatusName(info.ImageStatus), cli.ShellCommand("wait", id, t.repeat...))
	case len(info.URL) == 0:
		return errors.New("the service lists no image for the task")
	}
	return nil
}

// saveImage downloads an image, unless a file that exists is the image already.
func (t *taskRun) saveImage(ctx context.Context, names naming, id string, index int, address string) (imageRecord, error) {
	name, err := names.name(ctx, t.track, id, index)
	if err != nil {
		return imageRecord{}, err
	}
	t.spinner.Say(id, fmt.Sprintf("image %d", index))
	var got wrapper.Downloaded
	download := func(part string) (string, error) {
		got, err = t.fetch(ctx, address, part)
		return got.Ext, err
	}
	if !t.folder.Replaces() {
		if file, err := t.folder.Find(name); err != nil || file != "" {
			return t.existing(names, file, imageRecord{id: id, index: index}, download, err)
		}
	}
	file, err := t.folder.Save(name, download)
	return imageRecord{id: id, index: index, file: file, bytes: got.Bytes}, err
}

// existing returns the record of an image whose file exists. If the file alone does not
// tell that it is the whole image, it is compared with the one that the service has. That
// of a task which was just created is compared in any case: the file should not exist yet,
// but the tasks of a demo always have the same ids.
func (t *taskRun) existing(names naming, file string, r imageRecord, download func(string) (string, error), err error) (imageRecord, error) {
	if err != nil {
		return r, err
	}
	if !names.isDownload || !names.byTask() || !outfile.IsWholeImage(file) {
		switch same, err := t.folder.Equal(file, download); {
		case err != nil:
			return r, err
		case !same:
			return r, &keptError{file}
		}
	}
	info, err := os.Stat(file)
	if err != nil {
		return r, err
	}
	r.file, r.bytes, r.existing = file, info.Size(), true
	return r, nil
}
