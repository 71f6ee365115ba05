package durable

import (
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
)

// brief has short bounds, so that what an outage has left is found in seconds.
func brief() Options {
	opts := soon()
	opts.SubmitTimeout, opts.SaveTimeout = 6*time.Second, 6*time.Second
	return opts
}

// Postgres is stopped and started again under load, also by a crash: nothing is lost, nothing
// is sent twice, and nothing is in doubt, since the service has responded to everything.
func TestPostgresIsRestarted(t *testing.T) {
	t.Parallel()
	server, address := pgtest.Start(t)
	s := storeAt(t, address)
	srv, c := start(t)
	const jobs = 60
	enqueue(t, s, numbered(jobs)...)
	for range 2 {
		work(t, NewStore(poolAt(t, address)), c, brief())
	}
	for i, stop := range []func(testing.TB){server.Stop, server.Crash} {
		ended(t, s, (i+1)*jobs/4)
		stop(t)
		time.Sleep(500 * time.Millisecond)
		server.Start(t)
	}
	checkAllCompleted(t, s, jobs)
	for prompt, n := range submissions(t, srv) {
		if n > 1 {
			t.Errorf("%q was submitted %d times", prompt, n)
		}
	}
}

// The network between one of two processes and Postgres is cut, or hangs, again and again.
func TestTheNetworkIsCut(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	address := pgtest.Database(t)
	proxy := pgtest.NewProxy(t, address)
	s := storeAt(t, address)
	srv, c := start(t)
	const jobs = 100
	enqueue(t, s, numbered(jobs)...)
	work(t, NewStore(poolAt(t, address)), c, brief())
	work(t, NewStore(poolAt(t, proxy.Address())), c, brief())
	for i := range 10 {
		ended(t, s, i*jobs/15)
		time.Sleep(time.Duration(random.IntN(50)) * time.Millisecond)
		if i%2 == 0 {
			proxy.Cut()
		} else {
			proxy.Stall()
		}
		time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
		proxy.Restore()
	}
	checkAllCompleted(t, s, jobs)
	for prompt, n := range submissions(t, srv) {
		if n > 1 {
			t.Errorf("%q was submitted %d times", prompt, n)
		}
	}
}

// ended waits until a number of jobs have completed.
func ended(t *testing.T, s *Store, n int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		counts, err := s.Counts(t.Context())
		if err != nil {
			continue // the server has just been started
		}
		if counts[batch.Completed] >= int64(n) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%v, want %d completed", counts, n)
		}
	}
}

func checkAllCompleted(t *testing.T, s *Store, jobs int) {
	t.Helper()
	ended(t, s, 0)
	until(t, s, jobs, batch.Completed)
}

// A claim is on the disk before anything is sent, also where the database is configured to commit
// without waiting for that.
func TestAClaimSurvivesACrash(t *testing.T) {
	t.Parallel()
	server, address := pgtest.Start(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("synchronous_commit", "off")
	u.RawQuery = query.Encode()
	s := storeAt(t, u.String())
	enqueue(t, s, "a", "b")
	if _, err := s.pool.Exec(t.Context(), "CHECKPOINT"); err != nil { // the rows are on the disk, as planned
		t.Fatal(err)
	}
	c, err := s.claim(t.Context(), "a", "attempt", 2, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	server.Crash(t)
	server.Start(t)
	again := storeAt(t, address)
	if e := entryOf(t, again, "a"); e.State != batch.Submitting {
		t.Errorf("%+v", e)
	}
	if _, err := again.created(t.Context(), c, "t1"); err != nil {
		t.Fatal(err)
	}
	server.Crash(t)
	server.Start(t)
	if e := entryOf(t, storeAt(t, address), "a"); e.State != batch.Submitted || e.TaskID != "t1" {
		t.Errorf("%+v", e)
	}
}
