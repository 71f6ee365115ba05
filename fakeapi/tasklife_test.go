package fakeapi_test

import (
	"math"
	"slices"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestTaskLife(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts []fakeapi.Option
		want []int // the statuses of the first queries
	}{
		"default":         {nil, []int{1, 2, 3, 3}},
		"zero":            {[]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{})}, []int{3, 3}},
		"queued":          {[]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 2})}, []int{1, 1, 3}},
		"processing":      {[]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{Processing: 2})}, []int{2, 2, 3}},
		"fails":           {[]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 1, Processing: 1, Fail: "no"})}, []int{1, 2, 4, 4}},
		"fails at once":   {[]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{Fail: "no"})}, []int{4}},
		"never completed": {[]fakeapi.Option{fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 1, Processing: math.MaxInt})}, []int{1, 2, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, c.opts...)
			if got := statuses(t, srv, create(t, srv), len(c.want)); !slices.Equal(got, c.want) {
				t.Errorf("statuses %v, want %v", got, c.want)
			}
		})
	}
}

// Only tasks use scripts up, in their order; then the default applies again.
func TestScriptNext(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	srv.ScriptNext(0, fakeapi.TaskLife{Fail: "never"})
	srv.ScriptNext(-1, fakeapi.TaskLife{Fail: "never"})
	srv.ScriptNext(2, fakeapi.TaskLife{Fail: "no"})
	srv.ScriptNext(1, fakeapi.TaskLife{Queued: -5, Processing: -5})
	srv.ScriptNext(1, fakeapi.TaskLife{Queued: 1})
	wantError(t, send(srv, generation(t, srv, v4Path, part{name: "prompt"})), 400)
	srv.FailNext(1, fakeapi.DropRequest())
	send(srv, generation(t, srv, v4Path))
	for i, want := range []int{4, 4, 3, 1, 3} {
		if got := statuses(t, srv, create(t, srv), 1)[0]; got != want {
			t.Errorf("task %d has the status %d, want %d", i+1, got, want)
		}
	}
}

// A query whose response is lost still counts: the service cannot know.
func TestLostQueriesCount(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 2}))
	id := create(t, srv)
	srv.FailNext(1, fakeapi.DropAnswer())
	srv.FailNext(1, fakeapi.DropRequest())
	srv.FailNext(1, fakeapi.RateLimit(1))
	for range 3 {
		info(t, srv, id)
	}
	if got := statuses(t, srv, id, 2); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("statuses %v after one lost response, want one more that says queued", got)
	}
}

// Each task has its own count.
func TestTasksLiveByThemselves(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	first, second := create(t, srv), create(t, srv)
	if got := statuses(t, srv, first, 3); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("first %v", got)
	}
	if got := statuses(t, srv, second, 1); !slices.Equal(got, []int{1}) {
		t.Errorf("second %v", got)
	}
}
