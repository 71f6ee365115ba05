package batch

import (
	"context"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A list of images without an end is not saved, and is no success.
func TestTooManyImages(t *testing.T) {
	t.Parallel()
	srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	srv.FailNextOn("infoByTaskId", 9, fakeapi.Respond(200, "application/json",
		`{"code":1000,"msg":"OK","data":{"image_status":3,"url":["https://example.com/a.png"`+strings.Repeat(`,"https://example.com/a.png"`, maxImages)+`]}}`))
	save := func(context.Context, Result, int, func(writer) (wrapper.Downloaded, error)) error {
		t.Error("an image is saved")
		return nil
	}
	o := collect(t.Context(), t, c, newJournal(t), numbered(1), Options{Wait: soon, Save: save})
	if r := o.results["000"]; r.State != Completed || r.Err == nil || !strings.Contains(r.Err.Error(), "names 151 images") {
		t.Errorf("%+v", o)
	}
}
