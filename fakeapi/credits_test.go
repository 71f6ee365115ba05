package fakeapi_test

import (
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

const noCredits = `{"code":9000,"msg":"Insufficient credits"}`

func TestCredits(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithCredits(4))
	batch := func(n string) reply { return send(srv, generation(t, srv, v4Path, part{name: "batchsize", value: n})) }
	wantLeft := func(want int) {
		t.Helper()
		if got := srv.Credits(); got != want {
			t.Errorf("%d credits left, want %d", got, want)
		}
	}
	wantLeft(4)
	wantJSON(t, batch("5"), 200, noCredits)
	wantLeft(4)
	wantJSON(t, batch("3"), 200, createdBody)
	wantLeft(1)
	wantJSON(t, batch("2"), 200, noCredits)
	wantError(t, batch("0"), 400)
	wantJSON(t, send(srv, deletion(t, srv, firstTask)), 200, successBody)
	wantLeft(1)
	create(t, srv)
	wantLeft(0)
	wantJSON(t, send(srv, generation(t, srv, frozen.Path("zImage"))), 200, noCredits)
	wantTasks(t, srv, "fake_0000000000000002")
}

func TestNoCredits(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithCredits(0), fakeapi.WithStrict(), fakeapi.WithTasks("a"))
	wantJSON(t, send(srv, generation(t, srv, v4Path)), 200, noCredits)
	// Nothing else costs a credit.
	wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
}

func TestUnlimitedCredits(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	create(t, srv, part{name: "batchsize", value: "15"})
	if got := srv.Credits(); got != -1 {
		t.Errorf("%d credits, want -1", got)
	}
}

// Clients that share an account cannot spend more credits than there are, and
// no two of them get the same task.
func TestCreditsOfManyClients(t *testing.T) {
	const clients, each, credits = 6, 10, 37
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithCredits(credits))
		var wg sync.WaitGroup
		for range clients {
			wg.Go(func() {
				for range each {
					if r := send(srv, generation(t, srv, v4Path, file("sourceImage", "1.png", "x"))); r.err != nil || r.status != 200 {
						t.Errorf("status %d, %v", r.status, r.err)
					}
					for _, id := range srv.Tasks() {
						srv.ImageURLs(id)
					}
				}
			})
		}
		wg.Wait()
		if left, made := srv.Credits(), len(srv.Tasks()); left != 0 || made != credits {
			t.Errorf("%d credits left and %d tasks, want 0 and %d", left, made, credits)
		}
	})
}
