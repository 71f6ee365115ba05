package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// TestThroughput works off the jobs of one table with 1, 2 and 4 processes by turns, so that what else
// the machine does bears on all of them, and reports jobs a second, and what memory the process takes that
// lives from the beginning to the end. It fails if a job is not saved or was sent twice, and not
// by time. DURABLE_JOBS says how many jobs there are.
func TestThroughput(t *testing.T) {
	total := 600
	if text := os.Getenv("DURABLE_JOBS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		total = n
	}
	_, database := pgtest.Start(t) // with the durability that PostgreSQL has by default
	pool := migrated(t, database)
	service := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	begin := time.Now()
	enqueue(t, pool, total)
	t.Logf("%d jobs enqueued at %.0f/s", total, float64(total)/time.Since(begin).Seconds())

	m := &measurement{store: durable.NewStore(pool), total: total}
	first, stop := startWorkers(t, 1, database, service.URL)
	m.until(t, total/100) // the start of a process
	for rounds := max(1, total/15_000); m.saved < total; {
		for _, processes := range []int{1, 2, 4} {
			_, stop := startWorkers(t, processes-1, database, service.URL)
			m.turn(t, processes, min(total, m.saved+total/(3*rounds)), first[0])
			m.cpu += stop()
		}
	}
	m.cpu += stop()
	m.report(t)
	if made := len(service.Tasks()); made != total || m.lost > 0 {
		t.Errorf("%d tasks were paid for %d jobs; %d have failed, are refused or in doubt", made, total, m.lost)
	}
}

// measurement is what was measured so far.
type measurement struct {
	store  *durable.Store
	total  int
	saved  int // or lost, of which there must be none
	lost   int
	jobs   [5]int // by number of processes
	time   [5]time.Duration
	cpu    time.Duration // of all processes that worked
	memory []int64       // of the first process, in bytes, after each turn
}

// until waits until a number of jobs are saved.
func (m *measurement) until(t *testing.T, saved int) {
	t.Helper()
	for ; m.saved < saved; time.Sleep(500 * time.Millisecond) {
		counts, err := m.store.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m.lost = int(counts[batch.Failed] + counts[batch.InDoubt] + counts[batch.Refused])
		m.saved = int(counts[batch.Saved]) + m.lost
	}
}

// turn lets a number of processes work until a number of jobs are saved.
func (m *measurement) turn(t *testing.T, processes, saved int, first *exec.Cmd) {
	t.Helper()
	before, begin := m.saved, time.Now()
	m.until(t, saved)
	m.jobs[processes] += m.saved - before
	m.time[processes] += time.Since(begin)
	m.memory = append(m.memory, memory(first))
	t.Logf("%d processes: %d jobs at %.0f/s; the first process has %d MB", processes, m.saved-before, float64(m.saved-before)/time.Since(begin).Seconds(), m.memory[len(m.memory)-1]>>20)
}

func (m *measurement) report(t *testing.T) {
	t.Helper()
	rate := func(processes int) float64 { return float64(m.jobs[processes]) / m.time[processes].Seconds() }
	for _, processes := range []int{1, 2, 4} {
		t.Logf("%d processes: %d jobs at %.0f/s, %.2f times one process", processes, m.jobs[processes], rate(processes), rate(processes)/rate(1))
	}
	t.Logf("the processes took %.1f ms of CPU time for a job", m.cpu.Seconds()*1000/float64(m.total))
	t.Logf("the first process has %d to %d MB", slices.Min(m.memory)>>20, slices.Max(m.memory)>>20)
}

// enqueue adds jobs, a thousand in a transaction.
func enqueue(t *testing.T, pool *pgxpool.Pool, total int) {
	t.Helper()
	const page = 1000
	for from := 0; from < total; from += page {
		var many []batch.Job
		for i := from; i < min(from+page, total); i++ {
			many = append(many, batch.Job{Key: fmt.Sprintf("job-%06d", i), Request: wrapper.GenerateRequest{Prompt: fmt.Sprintf("prompt %06d", i)}})
		}
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return durable.EnqueueMany(t.Context(), tx, many) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// memory returns the resident memory of a process in bytes, or 0 where the system is not Linux.
func memory(cmd *exec.Cmd) (bytes int64) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, found := strings.CutPrefix(lines.Text(), "VmRSS:"); found {
			kB, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			bytes = kB << 10
		}
	}
	return bytes
}
