package batch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// memoryJournal shows that the journal is an interface, and costs no time.
type memoryJournal struct {
	mu      sync.Mutex
	entries map[string]Entry
}

func (j *memoryJournal) Get(_ context.Context, key string) (Entry, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.entries[key]
	return e, ok, nil
}

func (j *memoryJournal) Put(_ context.Context, e Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.entries == nil {
		j.entries = map[string]Entry{}
	}
	j.entries[e.Key] = e
	return nil
}

func (j *memoryJournal) Unfinished(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e := range j.All(ctx) {
			if e.State.isUnfinished() && !yield(e, nil) {
				return
			}
		}
	}
}

func (j *memoryJournal) All(context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		j.mu.Lock()
		var all []Entry
		for _, e := range j.entries {
			all = append(all, e)
		}
		j.mu.Unlock()
		slices.SortFunc(all, func(a, b Entry) int { return a.Time.Compare(b.Time) })
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// clockwork is a service whose nth task takes the nth duration, by the clock of
// a synctest bubble. It needs no socket.
type clockwork struct {
	durations []time.Duration
	limit     int // of tasks at once; 0: none

	mu       sync.Mutex
	ends     map[string]time.Time
	queries  map[string]int
	lag      time.Duration // between the ends of tasks and the queries that saw them, in all
	refusals int
}

func newClockwork(durations []time.Duration, limit int) *clockwork {
	return &clockwork{durations: durations, limit: limit, ends: map[string]time.Time{}, queries: map[string]int{}}
}

func (s *clockwork) client(t *testing.T) *wrapper.Client {
	t.Helper()
	c, err := wrapper.NewClient(testKey, wrapper.WithHTTPClient(&http.Client{Transport: s}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *clockwork) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	_ = req.Body.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	status, text := http.StatusOK, ""
	if strings.HasSuffix(req.URL.Path, frozen.Path("infoByTaskId")) {
		var query struct{ TaskID string }
		if err := json.Unmarshal(body, &query); err != nil {
			return nil, err
		}
		status, text = s.query(query.TaskID)
	} else {
		status, text = s.create()
	}
	return respond(req, status, text), nil
}

func (s *clockwork) create() (status int, text string) {
	under := 0
	for _, end := range s.ends {
		if time.Now().Before(end) {
			under++
		}
	}
	if s.limit > 0 && under >= s.limit {
		s.refusals++
		return http.StatusTooManyRequests, `{"code":429,"msg":"too many tasks"}`
	}
	id := fmt.Sprintf("task-%04d", len(s.ends))
	s.ends[id] = time.Now().Add(s.durations[len(s.ends)])
	return http.StatusOK, fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q}}`, id)
}

func (s *clockwork) query(id string) (status int, text string) {
	end, ok := s.ends[id]
	if !ok {
		return http.StatusNotFound, `{"code":404,"msg":"Task not found"}`
	}
	s.queries[id]++
	state, list := 2, ""
	if late := time.Since(end); late >= 0 {
		s.lag += late
		state, list = 3, `"https://example.com/a.png"`
	}
	return http.StatusOK, fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q,"image_status":%d,"url":[%s]}}`, id, state, list)
}

// randomDurations are 10 to 120 s, the same for each seed.
func randomDurations(n int, seed uint64) (list []time.Duration, total time.Duration) {
	random := rand.New(rand.NewPCG(seed, 1))
	for range n {
		d := 10*time.Second + time.Duration(random.Int64N(int64(110*time.Second)))
		list = append(list, d)
		total += d
	}
	return list, total
}

// ideal is how long the tasks take if each place takes the next one at the moment
// it is free.
func ideal(durations []time.Duration, places int) time.Duration {
	free := make([]time.Duration, places)
	for _, d := range durations {
		slices.Sort(free)
		free[0] += d
	}
	return slices.Max(free)
}

// The figures of docs/batch.md, which are of a thousand tasks: how much longer a run takes
// than the ideal schedule of its tasks, at most 1.05 times. Fewer tasks show the same in a
// third of the time.
func TestPlacesStayFull(t *testing.T) {
	t.Parallel()
	tasks := 300
	if nested.Slow() {
		tasks = 1000
	}
	for _, places := range []int{2, 4, 8} {
		t.Run(fmt.Sprint(places), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				durations, total := randomDurations(tasks, uint64(places))
				s, begin := newClockwork(durations, 0), time.Now()
				o := collect(t.Context(), t, s.client(t), new(memoryJournal), numbered(tasks), Options{Parallel: places})
				if o.err != nil || o.count(Completed) != tasks {
					t.Fatalf("%d of %d, %v", o.count(Completed), tasks, o.err)
				}
				ratio := float64(time.Since(begin)) / float64(ideal(durations, places))
				lag := float64(s.lag) / float64(total)
				most := 0
				for _, n := range s.queries {
					most = max(most, n)
				}
				old := oldPolling(t, durations, places)
				t.Logf("%d places: %.4f × the ideal schedule (before: %.4f); lag %.4f of the tasks' time; at most %d queries for a task", places, ratio, old, lag, most)
				if ratio > 1.05 || lag > 0.05 || most > 42 {
					t.Errorf("ratio %.4f, lag %.4f, at most %d queries for a task", ratio, lag, most)
				}
			})
		})
	}
}

// oldPolling is a pool of goroutines that wait by the defaults of WaitForTask, as
// a program without this package would.
func oldPolling(t *testing.T, durations []time.Duration, places int) float64 {
	s, begin := newClockwork(durations, 0), time.Now()
	c := s.client(t)
	var workers sync.WaitGroup
	next := make(chan struct{})
	for range places {
		workers.Go(func() {
			for range next {
				id, err := c.Generate(t.Context(), wrapper.GenerateRequest{Prompt: "p"})
				if err == nil {
					_, err = c.WaitForTask(t.Context(), id, wrapper.WaitOptions{})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range durations {
		next <- struct{}{}
	}
	close(next)
	workers.Wait()
	return float64(time.Since(begin)) / float64(ideal(durations, places))
}

// A plan with fewer places than Parallel: nothing is lost, little is refused, and
// the places that there are stay full.
func TestAPlanWithFewerPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const tasks, places = 200, 2
		durations, _ := randomDurations(tasks, 3)
		s, begin := newClockwork(durations, places), time.Now()
		o := collect(t.Context(), t, s.client(t), new(memoryJournal), numbered(tasks), Options{Parallel: 8})
		if o.err != nil || o.count(Completed) != tasks || len(s.ends) != tasks {
			t.Fatalf("%d of %d, %v", o.count(Completed), tasks, o.err)
		}
		ratio := float64(time.Since(begin)) / float64(ideal(durations, places))
		t.Logf("%.4f × the ideal schedule, %d refusals", ratio, s.refusals)
		if ratio > 1.1 || s.refusals > 8*tasks {
			t.Errorf("%.4f × the ideal schedule, %d refusals", ratio, s.refusals)
		}
	})
}
