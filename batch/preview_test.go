package batch

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func previewed(t *testing.T, c *wrapper.Client, j Journal, jobs iter.Seq2[Job, error], opts Options) (results []Result) {
	t.Helper()
	for r, err := range Preview(t.Context(), c, j, jobs, opts) {
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	return results
}

// A preview says of each job what a run would do with it, and does nothing.
func TestPreview(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j, dir := newJournal(t), t.TempDir()
	opts := Options{Wait: soon, Save: ToDir(dir, "{key}{ext}"), CheckFiles: true}
	collect(t.Context(), t, c, j, Jobs(job("there", "p"), job("missing", "p"), job("empty", "p")), opts)
	if err := errors.Join(os.Remove(filepath.Join(dir, "missing.png")), os.Truncate(filepath.Join(dir, "empty.png"), 0)); err != nil {
		t.Fatal(err)
	}
	put(t, j, Entry{Key: "crashed", State: Submitting})
	put(t, j, Entry{Key: "doubt", State: InDoubt, Error: "lost"})
	put(t, j, Entry{Key: "failed", State: Failed, TaskID: "t", Error: "no"})
	put(t, j, Entry{Key: "other", State: Refused, Request: "another"})
	write(t, filepath.Join(dir, "taken.png"), "x")
	size, _ := os.Stat(j.path)
	several := job("several", "p")
	several.Request.Count = 2
	jobs := []struct {
		job   Job
		state State
		err   error
	}{
		{job("new", "p"), Planned, nil},
		{job("there", "p"), Saved, nil},
		{job("missing", "p"), Completed, nil},
		{job("empty", "p"), Completed, nil},
		{job("crashed", "p"), Submitting, ErrInDoubt},
		{job("doubt", "p"), InDoubt, ErrInDoubt},
		{job("failed", "p"), Failed, wrapper.ErrTaskFailed},
		{job("other", "p"), Refused, ErrOtherRequest},
		{job("new", "p"), Planned, ErrDuplicateKey},
		{job("NEW", "p"), Planned, ErrTemplate},
		{job("blank", " "), Planned, wrapper.ErrInvalidRequest},
		{job("taken", "p"), Planned, ErrFileExists},
		{several, Planned, ErrTemplate},
		{job("", "p"), Planned, nil},
		{job("", "p"), Planned, nil},
	}
	var all []Job
	for _, tt := range jobs {
		all = append(all, tt.job)
	}
	requests := len(srv.Requests())
	reader, err := ReadJournal(j.path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for range 2 { // it leaves nothing behind in the journal
		for i, r := range previewed(t, c, reader, Jobs(all...), opts) {
			want := jobs[i]
			if r.State != want.state || !errors.Is(r.Err, want.err) || want.err == nil && r.Err != nil || want.job.Key != "" && r.Key != want.job.Key {
				t.Errorf("%+v, want %v and %v", r, want.state, want.err)
			}
		}
		opts.Save = ToDir(dir, "{key}{ext}") // it knows the names of one preview
	}
	if now, _ := os.Stat(j.path); now.Size() != size.Size() || len(srv.Requests()) != requests {
		t.Errorf("%d bytes, %d requests", now.Size(), len(srv.Requests()))
	}
}

func TestPreviewsThatEnd(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	broken := func(yield func(Job, error) bool) { _ = yield(job("a", "p"), nil) && yield(Job{}, fs.ErrInvalid) }
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context //nolint:containedctx // for the table
		jobs iter.Seq2[Job, error]
		opts Options
		n    int
		is   error
	}{
		"jobs":     {t.Context(), broken, Options{}, 1, fs.ErrInvalid},
		"context":  {ended, numbered(3), Options{}, 0, context.Canceled},
		"template": {t.Context(), numbered(3), Options{Save: ToDir(t.TempDir(), "{n}")}, 0, ErrTemplate},
	} {
		n := 0
		var last error
		for _, err := range Preview(tt.ctx, c, newJournal(t), tt.jobs, tt.opts) {
			if last = err; err == nil {
				n++
			}
		}
		if n != tt.n || !errors.Is(last, tt.is) {
			t.Errorf("%s: %d, %v", name, n, last)
		}
	}
	for range Preview(t.Context(), c, newJournal(t), numbered(3), Options{}) {
		break
	}
}

// Images that are gone are saved again at no cost, if that is wanted.
func TestSavedAgain(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j, dir := newJournal(t), t.TempDir()
	opts := Options{Wait: soon, Save: ToDir(dir, "{key}-{n}{ext}")}
	collect(t.Context(), t, c, j, numbered(3), opts)
	gone := filepath.Join(dir, "001-1.png")
	for _, check := range []bool{false, true} {
		if err := os.Remove(gone); err != nil {
			t.Fatal(err)
		}
		opts.CheckFiles = check
		o := collect(t.Context(), t, c, j, numbered(3), opts)
		if _, err := os.Stat(gone); (err == nil) != check || o.err != nil || o.count(Saved) != 3 {
			t.Errorf("%v: %v, %+v", check, err, o)
		}
		if !check {
			write(t, gone, "x")
		}
	}
	if n := len(srv.Tasks()); n != 3 {
		t.Errorf("%d tasks", n)
	}
}

// A run leaves alone what it is told to, unless it is among its jobs.
func TestResumeSome(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	for _, key := range []string{"mine", "foreign"} {
		id, err := c.Generate(t.Context(), job(key, key).Request)
		if err != nil {
			t.Fatal(err)
		}
		put(t, j, Entry{Key: key, State: Submitted, TaskID: id})
		put(t, j, Entry{Key: key + " doubt", State: Submitting})
	}
	opts := Options{Wait: soon, Resume: func(Entry) bool { return false }}
	o := collect(t.Context(), t, c, j, Jobs(job("mine", "mine"), job("mine doubt", "p")), opts)
	if o.err != nil || len(o.order) != 2 || o.results["mine"].State != Completed || o.results["mine doubt"].State != InDoubt || len(srv.Tasks()) != 2 {
		t.Errorf("%+v, %d tasks", o, len(srv.Tasks()))
	}
	if a, b := entryOf(t, j, "foreign"), entryOf(t, j, "foreign doubt"); a.State != Submitted || b.State != Submitting {
		t.Errorf("%+v, %+v", a, b)
	}
	opts.Resume = nil
	if o := collect(t.Context(), t, c, j, Jobs(), opts); len(o.order) != 2 || o.results["foreign"].State != Completed || o.results["foreign doubt"].State != InDoubt {
		t.Errorf("%+v", o)
	}
}
