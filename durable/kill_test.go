package durable

import (
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

var (
	kills    = flag.Int("kills", 20, "how many times TestKill kills a process")
	killJobs = flag.Int("jobs", 300, "how many jobs TestKill has")
)

// SIGKILL at random moments, three processes, and a service that fails: no prompt is submitted
// twice, none is lost, each job in doubt is listed, and the table says what the service knows.
func TestKill(t *testing.T) {
	t.Parallel()
	kills, jobs := *kills, *killJobs
	if !nested.Slow() { // all of it takes a minute, and several under the race detector
		kills, jobs = min(kills, 5), min(jobs, 60)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	address := pgtest.Database(t)
	s, srv := storeAt(t, address), fakeapi.Start(t)
	enqueue(t, s, numbered(jobs)...)
	stop := faulty(t, srv, seed, fakeapi.DropAnswer(), fakeapi.DropRequest(), fakeapi.Respond(503, "text/html", "<html>no"),
		fakeapi.RateLimit(0), fakeapi.Delay(20*time.Millisecond), fakeapi.TruncateBody(), fakeapi.DelayAnswer(2*shortTimeout))
	lives := newLives(t, srv.URL, address, shortTimeout, 3)
	for range kills {
		lives.changes(random.IntN(max(4*jobs/max(kills, 1), 1)))
		time.Sleep(time.Duration(random.IntN(20000)) * time.Microsecond)
		lives.end(random.IntN(3), syscall.SIGKILL)
	}
	stop()
	until(t, s, jobs, batch.Saved, batch.InDoubt)
	lives.endAll()
	checkTruth(t, s, srv)
}

// faulty makes requests fail at random until the function that it returns is called.
func faulty(t *testing.T, srv *fakeapi.Server, seed uint64, faults ...fakeapi.Fault) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		random := rand.New(rand.NewPCG(seed, 1))
		for sleep(ctx, time.Duration(random.IntN(100))*time.Millisecond) {
			srv.FailNext(1, faults[random.IntN(len(faults))])
			srv.FailNext(random.IntN(20), fakeapi.Fault{})
		}
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// checkTruth compares the table with what the service received and did.
func checkTruth(t *testing.T, s *Store, srv *fakeapi.Server) {
	t.Helper()
	counts, err := s.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]batch.Entry{}
	for e, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows["prompt "+e.Key] = e
		if (e.State == batch.Saved) != (e.TaskID != "") {
			t.Errorf("%+v", e)
		}
	}
	doubted := compareTasks(t, srv, rows)
	listed := 0
	for _, err := range s.InDoubt(t.Context()) {
		if listed++; err != nil {
			t.Fatal(err)
		}
	}
	strays, err := s.Strays(t.Context())
	t.Logf("%v; of those in doubt %d have a task", counts, doubted)
	if int64(listed) != counts[batch.InDoubt] || len(strays) > 0 || err != nil {
		t.Errorf("%d are listed as in doubt, strays %v, %v", listed, strays, err)
	}
	for prompt, n := range submissions(t, srv) {
		if n > 1 {
			t.Errorf("%q was submitted %d times", prompt, n)
		}
	}
}

// compareTasks compares the tasks of the service with the rows, by prompt, and returns how many of them
// belong to jobs in doubt.
func compareTasks(t *testing.T, srv *fakeapi.Server, rows map[string]batch.Entry) (doubted int) {
	t.Helper()
	c := clientOf(t, srv.URL, srv.Client())
	for _, id := range srv.Tasks() {
		info, err := c.InfoByTaskID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		e := rows[info.Data.Prompt]
		if e.State == batch.InDoubt {
			doubted++
		}
		if e.TaskID != id && e.State != batch.InDoubt {
			t.Errorf("the service has task %s for %q, and the table has %+v", id, info.Data.Prompt, e)
		}
		delete(rows, info.Data.Prompt)
	}
	for prompt, e := range rows { // without a task
		if e.State != batch.InDoubt && e.State != batch.Planned {
			t.Errorf("the service has no task for %q, and the table has %+v", prompt, e)
		}
	}
	return doubted
}

// submissions counts, by prompt, the requests that may have had an effect: all but
// those that were limited.
func submissions(t *testing.T, srv *fakeapi.Server) map[string]int {
	t.Helper()
	n := map[string]int{}
	requests := srv.Requests()
	if len(requests) == 10_000 {
		t.Error("the record of the service is full")
	}
	for _, r := range requests {
		if !strings.HasSuffix(r.Path, frozen.Path("seeDreamV45")) || r.Status == 429 {
			continue
		}
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		form := multipart.NewReader(strings.NewReader(string(r.Body)), params["boundary"])
		part, err := form.NextPart()
		if err != nil {
			continue // killed while it sent the form, which had no effect
		}
		if prompt, err := io.ReadAll(part); err == nil {
			n[string(prompt)]++
		}
	}
	return n
}

// SIGTERM: a process waits for the responses of its submissions, and leaves nothing in doubt.
func TestTerminate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no process can be sent a signal")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	address := pgtest.Database(t)
	s, srv := storeAt(t, address), fakeapi.Start(t)
	const jobs = 100
	enqueue(t, s, numbered(jobs)...)
	stop := faulty(t, srv, seed, fakeapi.RateLimit(0), fakeapi.Delay(50*time.Millisecond), fakeapi.DelayAnswer(300*time.Millisecond))
	lives := newLives(t, srv.URL, address, longTimeout, 2)
	for range 6 {
		lives.changes(random.IntN(50))
		time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		if status := lives.end(random.IntN(2), syscall.SIGTERM); status != 0 {
			t.Errorf("a process ended with %d", status)
		}
	}
	stop()
	if counts := until(t, s, jobs, batch.Saved, batch.InDoubt); counts[batch.InDoubt] > 0 {
		t.Errorf("%v", counts)
	}
	lives.endAll()
	checkTruth(t, s, srv)
}
