package batch

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

var kills = flag.Int("kills", 50, "how many times TestKill kills the process")

// randomFaults makes requests fail at random until stop is closed.
func randomFaults(srv *fakeapi.Server, random *rand.Rand, stop <-chan struct{}, faults []fakeapi.Fault) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(random.IntN(30)) * time.Millisecond):
			srv.FailNext(1, faults[random.IntN(len(faults))])
			srv.FailNext(random.IntN(20), fakeapi.Fault{})
		}
	}
}

// SIGKILL at random moments: no prompt is submitted twice, none is lost, and every
// job in doubt is listed.
func TestKill(t *testing.T) {
	t.Parallel()
	n := *kills
	if !nested.Slow() { // 50 take half a minute, and several under the race detector
		n = min(n, 10)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	srv, dir, random := fakeapi.Start(t), t.TempDir(), rand.New(rand.NewPCG(seed, 0))
	stop := faulty(t, srv, seed, fakeapi.DropAnswer(), fakeapi.DropRequest(), fakeapi.Respond(503, "text/html", "<html>no"),
		fakeapi.RateLimit(0), fakeapi.Delay(20*time.Millisecond), fakeapi.TruncateBody())
	for range n {
		changes := random.IntN(max(4*killJobs*5/4/max(n, 1), 1))
		if complaint, err := live(t, srv.URL, dir, syscall.SIGKILL, changes, time.Duration(random.IntN(5000))*time.Microsecond); err == nil {
			t.Logf("a life ended before it was killed: %s", complaint)
		}
	}
	stop()
	if complaint, err := live(t, srv.URL, dir, nil, -1, 0); err != nil || complaint != "" {
		t.Fatalf("the last life: %v %s", err, complaint)
	}
	checkTruth(t, srv, dir)
}

// The second process on a journal is refused, and told which one has it.
func TestASecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	srv, dir := fakeapi.Start(t), t.TempDir()
	_ = journalAt(t, filepath.Join(dir, "tasks.jsonl"))
	complaint, err := live(t, srv.URL, dir, nil, -1, 0)
	if err == nil || !strings.Contains(complaint, fmt.Sprintf("in use by process %d on host ", os.Getpid())) || len(srv.Requests()) > 0 {
		t.Errorf("%v: %s", err, complaint)
	}
}

// faulty injects faults until the function that it returns is called.
func faulty(t *testing.T, srv *fakeapi.Server, seed uint64, faults ...fakeapi.Fault) (stop func()) {
	t.Helper()
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		randomFaults(srv, rand.New(rand.NewPCG(seed, 1)), end, faults)
	}()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			close(end)
			<-ended
		}
	}
	t.Cleanup(stop)
	return stop
}

// checkTruth compares the journal with what the service received and did.
func checkTruth(t *testing.T, srv *fakeapi.Server, dir string) {
	t.Helper()
	counts := map[State]int{}
	tasks := map[string]bool{}
	c := clientOf(t, srv.URL, srv.Client())
	j := journalAt(t, filepath.Join(dir, "tasks.jsonl"))
	o := collect(t.Context(), t, c, j, numbered(killJobs), Options{Wait: soon})
	if o.err != nil || len(o.results) != killJobs {
		t.Errorf("%d results, %v", len(o.results), o.err)
	}
	for _, r := range o.results {
		counts[r.State]++
		if r.State == Saved {
			if tasks[r.TaskID] {
				t.Errorf("two jobs have the task %s", r.TaskID)
			}
			tasks[r.TaskID] = true
		}
	}
	if counts[Saved]+counts[InDoubt] != killJobs {
		t.Errorf("lost: %v", counts)
	}
	unknown := 0
	for _, id := range srv.Tasks() {
		if !tasks[id] {
			unknown++
		}
	}
	t.Logf("%v; the service has %d tasks, of which %d belong to jobs in doubt", counts, len(srv.Tasks()), unknown)
	if unknown > counts[InDoubt] {
		t.Errorf("%d tasks are unknown, and %d jobs in doubt", unknown, counts[InDoubt])
	}
	for prompt, n := range submissions(t, srv) {
		if n > 1 {
			t.Errorf("%q was submitted %d times", prompt, n)
		}
	}
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

// SIGTERM ends the context: the process waits for the responses of its submissions,
// and no job is in doubt.
func TestTerminate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no process can be sent a signal")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	srv, dir, random := fakeapi.Start(t), t.TempDir(), rand.New(rand.NewPCG(seed, 0))
	stop := faulty(t, srv, seed, fakeapi.RateLimit(0), fakeapi.Delay(50*time.Millisecond))
	lives := min(*kills/5, 10)
	if !nested.Slow() { // several seconds otherwise
		lives = min(lives, 4)
	}
	for range lives {
		complaint, err := live(t, srv.URL, dir, syscall.SIGTERM, random.IntN(200), time.Duration(random.IntN(5000))*time.Microsecond)
		if err != nil && !strings.Contains(complaint, "the run ended early") {
			t.Errorf("%v: %s", err, complaint)
		}
	}
	stop()
	if complaint, err := live(t, srv.URL, dir, nil, -1, 0); err != nil || complaint != "" {
		t.Fatalf("the last life: %v %s", err, complaint)
	}
	checkTruth(t, srv, dir)
	j, err := ReadJournal(filepath.Join(dir, "tasks.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	all, _ := list(t, j)
	for _, e := range all {
		if e.State != Saved {
			t.Errorf("%+v", e)
		}
	}
}
