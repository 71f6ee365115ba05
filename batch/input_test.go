package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A long prompt is sent whole, and the journal has its beginning.
func TestALongPrompt(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j, long := newJournal(t), strings.Repeat("a fox in the snow\n", 100<<10/18)
	jobs := Jobs(job("long", long), job("blank", " \n"), job("none", ""))
	o := collect(t.Context(), t, c, j, jobs, Options{Wait: soon})
	if o.err != nil || o.results["long"].State != Completed || o.results["blank"].State != Refused || o.results["none"].State != Refused || len(srv.Tasks()) != 1 {
		t.Errorf("%+v", o)
	}
	if r := o.results["blank"]; !errors.Is(r.Err, wrapper.ErrInvalidRequest) {
		t.Errorf("%+v", r)
	}
	if info, err := os.Stat(j.path); err != nil || info.Size() > 4<<10 {
		t.Errorf("the journal has %d bytes, %v", info.Size(), err)
	}
	if body := string(srv.Requests()[0].Body); !strings.Contains(body, long[:60<<10]) {
		t.Errorf("%d bytes were sent", len(body))
	}
	changed := job("long", long[:len(long)-1]+"!")
	if o := collect(t.Context(), t, c, j, Jobs(changed), Options{Wait: soon}); !errors.Is(o.results["long"].Err, ErrOtherRequest) {
		t.Errorf("%+v", o)
	}
}

// Everything that is sent is part of the digest.
func TestDigests(t *testing.T) {
	t.Parallel()
	file := func(data string) []types.File {
		var f types.File
		f.InitFromBytes([]byte(data), "same.png")
		return []types.File{f}
	}
	zero, one := 0, 1
	seen := map[string]int{}
	for i, req := range []wrapper.GenerateRequest{
		{}, {Prompt: "a"}, {Prompt: "a", Model: wrapper.ModelZImage}, {Prompt: "a", Resolution: "2K"}, {Prompt: "a", Count: 1},
		{Prompt: "a", Seed: &zero}, {Prompt: "a", Seed: &one}, {Prompt: "a", ExtendPrompt: true}, {Prompt: "a", ImageURL: "https://example.com"},
		{Prompt: "a", Sources: file("x")}, {Prompt: "a", Sources: file("y")}, {Prompt: "a", Sources: append(file("x"), file("y")...)},
		{Prompt: "a2:2K"}, {Prompt: "a", Resolution: "2:2K"},
	} {
		digest, err := digestOf(req)
		if err != nil {
			t.Fatal(err)
		}
		if other, again := seen[digest]; again {
			t.Errorf("requests %d and %d have one digest", other, i)
		}
		seen[digest] = i
	}
	unnamed, err1 := digestOf(wrapper.GenerateRequest{Prompt: "a"})
	named, err2 := digestOf(wrapper.GenerateRequest{Prompt: "a", Model: wrapper.ModelSeeDreamV45})
	if err := errors.Join(err1, err2); err != nil || unnamed != named {
		t.Errorf("the default model is another request: %v", err)
	}
}

func TestASourceThatIsGone(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	source, err := wrapper.NewSource("a.png", strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("x", 2<<20)))
	if err != nil {
		t.Fatal(err)
	}
	file := source.File()
	if err := source.Close(); err != nil {
		t.Fatal(err)
	}
	gone := Job{Key: "a", Request: wrapper.GenerateRequest{Prompt: "p", Sources: []types.File{file}}}
	o := collect(t.Context(), t, c, newJournal(t), Jobs(gone, job("b", "p")), Options{Wait: soon})
	if o.err != nil || o.results["a"].Err == nil || o.results["a"].State != Planned || o.results["b"].State != Completed || len(srv.Tasks()) != 1 {
		t.Errorf("%+v", o)
	}
}

// A clock that was set between two lives changes when a task is queried, and
// nothing else.
func TestClocksThatJump(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{-1000 * time.Hour, -time.Second, time.Hour, 1000 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := newClockwork([]time.Duration{time.Minute}, 0)
			c := s.client(t)
			id, err := c.Generate(t.Context(), wrapper.GenerateRequest{Prompt: "prompt 000"})
			if err != nil {
				t.Fatal(err)
			}
			j, begin := new(memoryJournal), time.Now()
			if err := j.Put(t.Context(), Entry{Key: "000", State: Submitted, TaskID: id, Time: time.Now().Add(jump)}); err != nil {
				t.Fatal(err)
			}
			o := collect(t.Context(), t, c, j, numbered(1), Options{})
			if took := time.Since(begin); o.err != nil || o.count(Completed) != 1 || took > 80*time.Second || len(s.ends) != 1 || s.queries[id] > 60 {
				t.Errorf("jump %v: after %v and %d queries: %+v", jump, took, s.queries[id], o)
			}
		})
	}
}

// What was left by a process that ended between a request and its response is in
// doubt, and never sent.
func TestSubmittingFromAnotherLife(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	if err := j.Put(t.Context(), Entry{Key: "000", State: Submitting}); err != nil {
		t.Fatal(err)
	}
	var changes []string
	opts := Options{Wait: soon, Parallel: 1, OnChange: func(r Result) { changes = append(changes, fmt.Sprint(r.Key, " ", r.State)) }}
	o := collect(t.Context(), t, c, j, numbered(2), opts)
	if o.err != nil || o.results["000"].State != InDoubt || !errors.Is(o.results["000"].Err, ErrInDoubt) || len(srv.Tasks()) != 1 || entryOf(t, j, "000").State != InDoubt {
		t.Errorf("%+v", o)
	}
	if got := strings.Join(changes, ", "); got != "000 in-doubt, 001 submitting, 001 submitted, 001 completed" {
		t.Errorf("changes: %s", got)
	}
}

// Where no image can be saved, nothing more is paid for.
func TestSavingThatFailsStopsTheRun(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	full := errors.New("no space left")
	j, dir := newJournal(t), t.TempDir()
	opts := Options{Wait: soon, Save: func(context.Context, Result, int, func(io.Writer) (wrapper.Downloaded, error)) error { return full }}
	o := collect(t.Context(), t, c, j, numbered(100), opts)
	if n := len(srv.Tasks()); !errors.Is(o.err, full) || n > 30 || o.count(Completed) != n {
		t.Errorf("%d tasks, %+v", n, o)
	}
	opts.Save = ToDir(dir, "{key}{ext}")
	o = collect(t.Context(), t, c, j, numbered(100), opts)
	names, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if o.err != nil || o.count(Saved) != 100 || len(srv.Tasks()) != 100 || len(names) != 100 || err != nil {
		t.Errorf("%d tasks, %d files, %+v", len(srv.Tasks()), len(names), o)
	}
}
