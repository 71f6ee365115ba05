package durable

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
)

// From Enqueue to Saved, with one submission for each job.
func TestTheLifeOfJobs(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	shelf := new(shelf)
	opts := soon()
	opts.Save = shelf.save
	enqueue(t, s, numbered(20)...)
	work(t, s, c, opts)
	until(t, s, 20, batch.Saved)
	if len(srv.Tasks()) != 20 || len(shelf.images) != 20 {
		t.Errorf("%d tasks, %d images", len(srv.Tasks()), len(shelf.images))
	}
	e := entryOf(t, s, "007")
	if e.TaskID == "" || len(e.Files) != 1 || e.Files[0] != "007-1.png" || e.Prompt != "prompt 007" || e.Error != "" || e.Model != "seedreamv45" {
		t.Errorf("%+v", e)
	}
}
