package batch

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// writeFinished writes a journal of n jobs that are saved, with all their lines.
func writeFinished(tb testing.TB, path string, n int) {
	tb.Helper()
	file, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriter(file)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		request := wrapper.GenerateRequest{Prompt: promptOf(i)}
		digest, err := digestOf(request)
		if err != nil {
			tb.Fatal(err)
		}
		e := Entry{Time: at, Key: keyOf(i), Request: digest, Model: wrapper.ModelSeeDreamV45, Prompt: request.Prompt}
		for _, state := range []State{Submitting, Submitted, Completed, Saved} {
			if e.State = state; state != Submitting {
				e.TaskID = fmt.Sprintf("abcd_%016x", i)
			}
			if state == Saved {
				e.Files = []string{"pictures/" + e.Key + "-1.png"}
			}
			line, err := encode(e)
			if err != nil {
				tb.Fatal(err)
			}
			_, _ = w.Write(line)
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := file.Close(); err != nil {
		tb.Fatal(err)
	}
}

func keyOf(i int) string    { return fmt.Sprintf("job-%07d", i) }
func promptOf(i int) string { return fmt.Sprintf("a lighthouse in the style of painter number %d", i) }

// A journal of many finished jobs opens and resumes soon, and in little memory: the
// limits for a million are 5 s and 100 MB. The time is only logged, since it depends on
// the machine.
func TestAJournalOfManyFinishedJobs(t *testing.T) {
	n := 50_000
	if os.Getenv("BATCH_SCALE") != "" {
		n = 1_000_000
	}
	path := filepath.Join(t.TempDir(), "j")
	writeFinished(t, path, n)
	runtime.GC()
	debug.FreeOSMemory()
	var before, opened, resumed runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	j := journalAt(t, path)
	openTime := time.Since(begin)
	runtime.ReadMemStats(&opened)
	c := clientOf(t, "https://example.com", new(http.Client))
	jobs := func(yield func(Job, error) bool) {
		for i := range n {
			if !yield(job(keyOf(i), promptOf(i)), nil) {
				return
			}
		}
	}
	done := 0
	for r, err := range Run(t.Context(), c, j, jobs, Options{Save: ToDir(t.TempDir(), "{key}-{n}{ext}")}) {
		if err != nil || r.Err != nil || r.State != Saved || len(r.Files) != 1 || !strings.HasPrefix(r.TaskID, "abcd_") {
			t.Fatalf("%+v, %v", r, err)
		}
		done++
	}
	runtime.ReadMemStats(&resumed)
	total := time.Since(begin)
	grown := func(m *runtime.MemStats) float64 {
		return float64(m.HeapSys-m.HeapReleased-(before.HeapSys-before.HeapReleased)) / 1e6
	}
	t.Logf("%d jobs: opened in %v, resumed after %v; heap from the system: %.0f MB after opening, %.0f MB at the end", n, openTime, total, grown(&opened), grown(&resumed))
	if limit := 10 + 100*float64(n)/1e6; done != n || grown(&resumed) > limit {
		t.Errorf("%d of %d, %.0f MB", done, n, grown(&resumed))
	}
}
