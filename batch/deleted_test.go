package batch

import (
	"errors"
	"testing"
)

// Where images are to be saved, a task that was deleted before its images were saved is
// no success; one whose images were saved before is.
func TestDeletedBeforeItWasSaved(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	for _, e := range []Entry{
		{Key: "000", State: Deleted, TaskID: "t-0"},
		{Key: "001", State: Deleted, TaskID: "t-1", Files: []string{"001-1.png"}},
	} {
		if err := j.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	opts := Options{Wait: soon, Save: ToDir(t.TempDir(), "{key}-{n}{ext}"), CheckFiles: true}
	for _, r := range previewed(t, c, j, numbered(2), opts) {
		if gone := errors.Is(r.Err, ErrDeleted); gone != (r.Key == "000") || r.State != Deleted {
			t.Errorf("preview: %+v", r)
		}
	}
	o := collect(t.Context(), t, c, j, numbered(2), opts)
	if o.err != nil || !errors.Is(o.results["000"].Err, ErrDeleted) || o.results["001"].Err != nil || len(srv.Requests()) > 0 {
		t.Errorf("%+v, %d requests", o, len(srv.Requests()))
	}
	if o = collect(t.Context(), t, c, j, numbered(2), Options{Wait: soon}); o.results["000"].Err != nil { // nothing was to be saved
		t.Errorf("%+v", o)
	}
}
