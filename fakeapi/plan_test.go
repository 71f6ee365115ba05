package fakeapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// wantUnderWay checks the number of tasks that hold a place.
func wantUnderWay(t *testing.T, srv *fakeapi.Server, want int) {
	t.Helper()
	if n := srv.UnderWay(); n != want {
		t.Errorf("%d tasks are under way, want %d", n, want)
	}
}

// A task holds its place until a query would say that it has ended, or until it
// is deleted.
func TestMaxTasks(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithStrict(), fakeapi.WithMaxTasks(2), fakeapi.WithCredits(100), fakeapi.WithTasks("added"))
		srv.ScriptNext(1, fakeapi.TaskLife{Queued: 1, Fail: "no"})
		first := create(t, srv)
		second := create(t, srv)
		refused := send(srv, generation(t, srv, v4Path))
		if msg := wantError(t, refused, 429); !strings.Contains(msg, "Too many tasks") {
			t.Errorf("msg %q", msg)
		}
		wantTasks(t, srv, "added", first, second)
		if n := srv.Credits(); n != 98 {
			t.Errorf("%d credits are left", n)
		}
		info(t, srv, first) // says queued: the next would say failed
		wantUnderWay(t, srv, 1)
		third := create(t, srv)
		wantError(t, send(srv, generation(t, srv, v4Path)), 429)
		wantJSON(t, send(srv, deletion(t, srv, second, second)), 200, successBody)
		wantUnderWay(t, srv, 1)
		for range 5 {
			info(t, srv, first)
			info(t, srv, third)
			info(t, srv, second) // deleted
			info(t, srv, "added")
		}
		wantUnderWay(t, srv, 0)
		wantJSON(t, send(srv, deletion(t, srv, first, third, "added")), 200, successBody)
		wantUnderWay(t, srv, 0)
		srv.ScriptNext(9, fakeapi.TaskLife{}) // tasks that are completed at once hold no place
		for range 9 {
			create(t, srv)
		}
		wantUnderWay(t, srv, 0)
	})
}

// Requests at the same time share the places.
func TestMaxTasksAtOnce(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithMaxTasks(3))
	statuses := make(chan int)
	for range 20 {
		go func() { statuses <- send(srv, generation(t, srv, v4Path)).status }()
	}
	counts := map[int]int{}
	for range 20 {
		counts[<-statuses]++
	}
	if counts[200] != 3 || counts[429] != 17 {
		t.Errorf("statuses %v", counts)
	}
}

func TestFullPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  fakeapi.Fault
		status int
		body   string
		after  string
	}{
		"code 9999":   {fakeapi.BusinessCode(9999, "too many tasks"), 200, `{"code":9999,"msg":"too many tasks"}`, ""},
		"retry after": {fakeapi.RateLimit(7), 429, `{"code":9999,"msg":"Too many requests"}`, "7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, fakeapi.WithMaxTasks(1), fakeapi.WithFullPlan(c.fault))
			create(t, srv)
			got := send(srv, generation(t, srv, v4Path))
			wantJSON(t, got, c.status, c.body)
			if after := got.header.Get("Retry-After"); after != c.after {
				t.Errorf("Retry-After %q", after)
			}
		})
	}
}

func TestPlanOptions(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]fakeapi.Option{
		"WithMaxTasks: the number": fakeapi.WithMaxTasks(0),
		"WithMaxTasks:":            fakeapi.WithMaxTasks(-1),
		"WithFullPlan: the fault":  fakeapi.WithFullPlan(fakeapi.DropRequest()),
		"WithFullPlan: the":        fakeapi.WithFullPlan(fakeapi.Respond(429, "", "").AfterActing()),
		"WithFullPlan:":            fakeapi.WithFullPlan(fakeapi.Fault{}),
	} {
		srv, err := fakeapi.NewServer(opt)
		if err == nil {
			srv.Close()
		}
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A query repeats what the request gave, whatever the state of the task.
func TestInfoRepeatsTheRequest(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("很长的 prompt ", 1000)
	for name, c := range map[string]struct {
		path  string
		parts []part
		want  map[string]any
	}{
		"defaults": {v4Path, nil, map[string]any{"prompt": "a fox", "category": "seedreamv4"}},
		"category": {frozen.Path("seeDreamV5"), text("category", "mine"), map[string]any{"prompt": "a fox", "category": "mine"}},
		"seed":     {frozen.Path("zImage"), text("seed", "42"), map[string]any{"prompt": "a fox", "category": "zimage", "origseed": 42.0}},
		"seed 0":   {frozen.Path("zImage"), text("seed", "0"), map[string]any{"prompt": "a fox", "category": "zimage", "origseed": 0.0}},
		"the key":  {v4Path, text("category", "my "+testKey), map[string]any{"prompt": "a fox", "category": "my [redacted]"}},
		"long":     {v4Path, text("category", long), map[string]any{"prompt": "a fox", "category": long}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, fakeapi.WithStrict())
			must(t, send(srv, generation(t, srv, c.path, c.parts...)))
			for range 3 {
				got := must(t, info(t, srv, firstTask))
				object, _ := parse(t, got.body).(map[string]any)
				data, _ := object["data"].(map[string]any)
				for _, field := range []string{"prompt", "category", "origseed"} {
					if fmt.Sprint(data[field]) != fmt.Sprint(c.want[field]) {
						t.Errorf("%s is %.60v, want %.60v", field, data[field], c.want[field])
					}
				}
			}
		})
	}
}
