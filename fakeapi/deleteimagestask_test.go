package fakeapi_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestDeletionSendsTheContractsExample(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a", "b", "c"))
	wantJSON(t, send(srv, deletion(t, srv, "c", "a")), 200, example(t, deletePath, "success"))
	wantTasks(t, srv, "b")
}

func TestDeletionOfUnknownTasks(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
	msg := wantError(t, send(srv, deletion(t, srv, "a", "x", "x", "y")), 200)
	if want := "Delete failed, error info: task not found: x, y"; msg != want {
		t.Errorf("msg %q, want %q", msg, want)
	}
	wantTasks(t, srv, "a", "b")
}

func TestDeletionListsUnknownTasksWithinBounds(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	var ids []string
	for i := range 2_000 {
		ids = append(ids, fmt.Sprintf("%d-%s", i, strings.Repeat("é", 100)))
	}
	msg := wantError(t, send(srv, deletion(t, srv, ids...)), 200)
	if !strings.HasSuffix(msg, " and 1990 more") || len(msg) > 1000 || strings.Contains(msg, "\ufffd") {
		t.Errorf("msg of %d bytes: %q", len(msg), msg)
	}
}

func TestDeletionIgnoresUnknownTasks(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithUnknownTasksIgnored(), fakeapi.WithTasks("a", "b"))
	wantJSON(t, send(srv, deletion(t, srv, "x", "a")), 200, successBody)
	wantTasks(t, srv, "b")
}

func TestDeletionIsIdempotent(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
	for _, ids := range [][]string{{"a", "a"}, {"a"}, {"b", "a"}, {}} {
		wantJSON(t, send(srv, deletion(t, srv, ids...)), 200, successBody)
	}
	wantTasks(t, srv)
	srv.AddTasks("b", "a", "b")
	wantTasks(t, srv, "b", "a")
	wantJSON(t, send(srv, deletion(t, srv, "b")), 200, successBody)
	wantTasks(t, srv, "a")
}

func TestRefusedTasks(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a", "b", "c"))
	srv.RefuseTasks("b", "never added")
	for _, ids := range [][]string{{"a", "b"}, {"never added"}, {"b", "unknown"}} {
		wantJSON(t, send(srv, deletion(t, srv, ids...)), 200, failedBody)
	}
	wantTasks(t, srv, "a", "b", "c")
	wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
	wantTasks(t, srv, "b", "c")
}

func TestDeletionTakesUID(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	wantJSON(t, send(srv, request(t, srv, "POST", deletePath, `{"uid":"u","taskids":["a"]}`)), 200, successBody)
	wantTasks(t, srv)
}

func TestTasksKeepTheirOrder(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("z", "a"), fakeapi.WithTasks("m"))
	srv.AddTasks("b", "a")
	wantTasks(t, srv, "z", "a", "m", "b")
}

func TestLargeDeletions(t *testing.T) {
	t.Parallel()
	for _, count := range []int{10_000, 200_000} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			t.Parallel()
			// Short ids: the number of them is what is tested.
			var body strings.Builder
			body.WriteString(`{"taskids":["0"`)
			for i := 1; i < count; i++ {
				fmt.Fprintf(&body, `,"%x"`, i)
			}
			body.WriteString("]}")
			srv := fakeapi.Start(t, fakeapi.WithUnknownTasksIgnored(), fakeapi.WithTasks("0", "stays", fmt.Sprintf("%x", count-1)))
			wantJSON(t, send(srv, request(t, srv, "POST", deletePath, body.String())), 200, successBody)
			wantTasks(t, srv, "stays")
		})
	}
}

// Many clients at once, half of the requests meeting a fault: nothing is lost
// and nothing is deleted twice or by mistake.
func TestConcurrentClients(t *testing.T) {
	const clients, each = 8, 25
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt)
		srv.FailNext(clients*each/2, fakeapi.RateLimit(0))
		var wg sync.WaitGroup
		var mu sync.Mutex
		deleted := 0
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("%d-%d", c, i)
					srv.AddTasks(id)
					r := send(srv, deletion(t, srv, id))
					_, _ = srv.Tasks(), srv.Requests()
					mu.Lock()
					if r.status == 200 {
						deleted++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if left := len(srv.Tasks()); deleted != clients*each/2 || left != clients*each/2 {
			t.Errorf("%d deleted and %d left, want %d and %d", deleted, left, clients*each/2, clients*each/2)
		}
		statuses := map[int]int{}
		for _, r := range srv.Requests() {
			statuses[r.Status]++
		}
		if diff := cmp.Diff(map[int]int{200: clients * each / 2, 429: clients * each / 2}, statuses); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
		if n := srv.Connections(); n < 1 || n > clients*each {
			t.Errorf("%d connections", n)
		}
	})
}
