package fakeapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// statusesOf sends requests and returns their statuses, 0 for one without a response.
func statusesOf(t *testing.T, srv *fakeapi.Server, requests string) []int {
	t.Helper()
	var got []int
	for _, kind := range requests {
		switch kind {
		case 'd':
			got = append(got, send(srv, deletion(t, srv, "a")).status)
		case '4':
			got = append(got, send(srv, generation(t, srv, v4Path)).status)
		case '5':
			got = append(got, send(srv, generation(t, srv, frozen.Path("seeDreamV5"))).status)
		case '?':
			got = append(got, send(srv, request(t, srv, "POST", "/nowhere", "")).status)
		}
	}
	return got
}

func TestFailCalls(t *testing.T) {
	t.Parallel()
	of := func(status int) fakeapi.Fault { return fakeapi.Respond(status, "", "") }
	for name, c := range map[string]struct {
		aim      func(srv *fakeapi.Server)
		requests string
		want     []int
	}{
		"one":             {func(s *fakeapi.Server) { s.FailCalls(2, 2, of(503)) }, "dddd", []int{200, 503, 200, 200}},
		"several":         {func(s *fakeapi.Server) { s.FailCalls(2, 3, of(503)) }, "dddd", []int{200, 503, 503, 200}},
		"from the first":  {func(s *fakeapi.Server) { s.FailCalls(-7, 1, of(503)) }, "dd", []int{503, 200}},
		"none":            {func(s *fakeapi.Server) { s.FailCalls(2, 1, of(503)); s.FailCalls(0, 0, of(503)) }, "dd", []int{200, 200}},
		"without end":     {func(s *fakeapi.Server) { s.FailCalls(2, 1<<62, of(503)) }, "dddd", []int{200, 503, 503, 503}},
		"one operation":   {func(s *fakeapi.Server) { s.FailCalls(2, 2, of(503), "deleteImagesTask") }, "d4?4d4d", []int{200, 200, 404, 200, 503, 200, 200}},
		"two operations":  {func(s *fakeapi.Server) { s.FailCalls(3, 4, of(503), "seeDreamV4", "seeDreamV5") }, "4d5d4d545", []int{200, 200, 200, 200, 503, 200, 503, 200, 200}},
		"method and path": {func(s *fakeapi.Server) { s.FailCalls(1, 1, of(503), "POST "+v4Path) }, "d44", []int{200, 503, 200}},
		"any request":     {func(s *fakeapi.Server) { s.FailCalls(2, 2, of(503)) }, "??", []int{404, 503}},
		"the earlier one": {func(s *fakeapi.Server) {
			s.FailCalls(2, 3, of(501))
			s.FailCalls(3, 4, of(502), "deleteImagesTask")
		}, "ddddd", []int{200, 501, 501, 502, 200}},
		"before the others": {func(s *fakeapi.Server) {
			s.FailNext(1, of(501))
			s.FailNextOn("deleteImagesTask", 1, of(502))
			s.FailCalls(1, 1, of(503))
		}, "dddd", []int{503, 502, 501, 200}},
		"no fault": {func(s *fakeapi.Server) { s.FailNext(1, of(501)); s.FailCalls(1, 1, fakeapi.Fault{}) }, "ddd", []int{200, 501, 200}},
		"counted from now": {func(s *fakeapi.Server) {
			statusesOf(t, s, "dd")
			s.FailCalls(2, 2, of(503))
		}, "ddd", []int{200, 503, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
			c.aim(srv)
			if got := statusesOf(t, srv, c.requests); !slices.Equal(got, c.want) {
				t.Errorf("statuses %v, want %v", got, c.want)
			}
		})
	}
}

// A fault by number acts first if it says so.
func TestFailCallsAfterActing(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	srv.FailCalls(2, 2, fakeapi.DropAnswer(), "seeDreamV4")
	if got := statusesOf(t, srv, "444"); !slices.Equal(got, []int{200, 0, 200}) {
		t.Errorf("statuses %v", got)
	}
	if tasks := srv.Tasks(); len(tasks) != 3 {
		t.Errorf("tasks %q, want the one whose response was lost as well", tasks)
	}
}

func TestImageHostFailCalls(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	srv.ImageHost().FailNext(1, fakeapi.Respond(501, "", ""))
	srv.ImageHost().FailCalls(2, 3, fakeapi.Respond(503, "", ""))
	var got []int
	for range 5 {
		got = append(got, must(t, fetch(t, srv, "GET", srv.ImageURLs("a")[0])).status)
	}
	if want := []int{501, 503, 503, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("statuses %v, want %v", got, want)
	}
}

func TestFailCallsOfUnknownOperation(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	srv := fakeapi.Start(tb)
	srv.FailCalls(1, 1, fakeapi.Respond(503, "", ""), "deleteImagesTask", "noSuchOperation")
	if got := statusesOf(t, srv, "d")[0]; got != 200 {
		t.Errorf("status %d: a part of the call had an effect", got)
	}
	if errs := tb.finish(); len(errs) != 1 || !strings.Contains(errs[0], `FailCalls: the contract has no operation "noSuchOperation"`) {
		t.Errorf("errors %q", errs)
	}
	defer func() {
		if r := recover(); !strings.Contains(fmt.Sprint(r), "noSuchOperation") {
			t.Errorf("a server without a test: %v", r)
		}
	}()
	alone, err := fakeapi.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	alone.FailCalls(1, 1, fakeapi.Fault{}, "noSuchOperation")
}

func TestTally(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a", "fake_0000000000000001"))
	srv.FailCalls(1, 1, fakeapi.DropAnswer(), "seeDreamV4")
	statusesOf(t, srv, "444dd?")
	send(srv, request(t, srv, "POST", deletePath, "{}"))
	srv.ResetRequests()
	got := srv.Tally()
	want := fakeapi.Tally{Calls: map[string]int{"seeDreamV4": 3, "deleteImagesTask": 3, "": 1}, Breaches: 2, Tasks: 3}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	got.Calls["seeDreamV4"] = 0
	if srv.Tally().Calls["seeDreamV4"] != 3 {
		t.Error("the tally is shared")
	}
}
