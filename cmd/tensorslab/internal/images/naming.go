package images

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
)

// naming says how the images of a task are named and reported. The zero value makes
// ID-1.png, ID-2.png for a task that was created a moment ago.
type naming struct {
	// isDownload makes an image count as saved if its file exists and is whole. Otherwise
	// the task is new, and only a file with the same content counts.
	isDownload bool
	template   *batch.Template // nil for ID-1.png
}

// newNaming reads --name. It may be empty.
func newNaming(text string) (naming, error) {
	if text == "" {
		return naming{isDownload: true}, nil
	}
	template, err := batch.ParseTemplate(text)
	if err != nil {
		return naming{}, cli.Usagef("--name: %s; nothing was sent", strings.TrimPrefix(err.Error(), "batch: "))
	}
	return naming{true, &template}, nil
}

// byTask reports whether the names hold the id of the task, so that a file with such a name
// is an image of the task.
func (n naming) byTask() bool { return n.template == nil || n.template.Has("task") }

// name returns the name of an image. What the journal knows of the task may be a part of it.
func (n naming) name(ctx context.Context, track *tracker, id string, index int) (outfile.NameFunc, error) {
	if n.template == nil {
		return func(extension string) string {
			return fmt.Sprintf("%s-%d%s", outfile.Name(id), index, extension)
		}, nil
	}
	if index > 1 && !n.template.Has("n") {
		return nil, errors.New("--name has no {n}, and the task has several images")
	}
	task := batch.Result{TaskID: id}
	if n.template.Has("key") || n.template.Has("model") {
		e, ok, err := track.entry(ctx, id)
		switch {
		case err != nil:
			return nil, fmt.Errorf("the journal of tasks cannot be read: %w", err)
		case !ok:
			return nil, errors.New("--name has {key} or {model}, and the journal does not know the task")
		}
		task.Key, task.Model = e.Key, e.Model
	}
	return func(extension string) string { return n.template.Name(task, index, extension) }, nil
}

func (n naming) record(r imageRecord) cli.Record {
	if n.isDownload {
		return fileRecord{r}
	}
	return r
}
