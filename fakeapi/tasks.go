package fakeapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// These bound how many missing ids a refusal names, and how much of each.
const (
	maxListedIDs = 10
	maxListedID  = 64
)

// tasks are all that the service knows.
type tasks struct {
	next      int
	generated int64              // the number in the last id
	made      int                // how many tasks were generated
	counted   int                // of live, neither completed nor failed, whose lives are counted in queries
	timed     map[*work]struct{} // the same, of those whose lives are measured
	now       func() time.Time
	live      map[string]task
	deleted   map[string]struct{}
	refused   map[string]struct{}
}

type task struct {
	place int   // in the order of adding
	work  *work // nil if it was added, and so is completed
}

// work is what a generated task makes, and how far it is.
type work struct {
	life          TaskLife
	queries       int                  // so far
	age           func() time.Duration // nil if the life is counted in queries
	images        int
	width, height int
	asked         asked
}

// done is the work of tasks that were added.
var done = work{images: 1, width: longSide, height: longSide}

func (t task) state() work {
	if t.work == nil {
		return done
	}
	return *t.work
}

func (w work) isUnderWay() bool { return w.status() == taskQueued || w.status() == taskProcessing }

func (w work) status() taskStatus {
	if w.age != nil {
		return w.life.statusAfter(w.queries, w.age())
	}
	return w.life.statusAfter(w.queries, 0)
}

func newTasks(ids []string) *tasks {
	t := &tasks{now: time.Now, timed: make(map[*work]struct{}),
		live: make(map[string]task), deleted: make(map[string]struct{}), refused: make(map[string]struct{})}
	t.add(ids)
	return t
}

func (t *tasks) add(ids []string) {
	for _, id := range ids {
		if _, ok := t.live[id]; ok {
			continue
		}
		t.put(id, nil)
	}
}

func (t *tasks) put(id string, w *work) {
	delete(t.deleted, id)
	t.live[id] = task{place: t.next, work: w}
	t.next++
}

// generate adds a task under an id that was never used.
func (t *tasks) generate(w work) string {
	for {
		t.generated++
		id := fmt.Sprintf("fake_%016d", t.generated)
		if len(t.unknown([]string{id})) > 0 {
			t.put(id, &w)
			t.begin(&w)
			return id
		}
	}
}

// begin counts a generated task, and whether it is under way.
func (t *tasks) begin(w *work) {
	t.made++
	switch {
	case w.life.Lasts > 0:
		created := t.now()
		w.age = func() time.Duration { return t.now().Sub(created) }
		t.timed[w] = struct{}{}
	case w.isUnderWay():
		t.counted++
	}
}

// end takes back what begin has counted.
func (t *tasks) end(w *work) {
	if w.age != nil {
		delete(t.timed, w)
	} else {
		t.counted--
	}
}

// underWay returns how many tasks are neither completed nor failed.
func (t *tasks) underWay() int {
	maps.DeleteFunc(t.timed, func(w *work, _ struct{}) bool { return !w.isUnderWay() })
	return t.counted + len(t.timed)
}

// query returns the state of a task as this query finds it.
func (t *tasks) query(id string) (work, bool) {
	found, ok := t.live[id]
	if !ok {
		return work{}, false
	}
	state := found.state()
	if found.work != nil {
		found.work.queries++
		if state.isUnderWay() && !found.work.isUnderWay() {
			t.end(found.work)
		}
	}
	return state, true
}

func (t *tasks) refuse(ids []string) {
	for _, id := range ids {
		t.refused[id] = struct{}{}
	}
}

func (t *tasks) list() []string {
	return slices.SortedFunc(maps.Keys(t.live), func(a, b string) int { return t.live[a].place - t.live[b].place })
}

// refuses reports whether the batch holds an id that is refused for good.
func (t *tasks) refuses(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		_, ok := t.refused[id]
		return ok
	})
}

// unknown returns the ids that never existed, each once, in their order.
func (t *tasks) unknown(ids []string) []string {
	var missing []string
	seen := make(map[string]struct{})
	for _, id := range ids {
		_, live := t.live[id]
		_, deleted := t.deleted[id]
		if _, again := seen[id]; live || deleted || again {
			continue
		}
		seen[id] = struct{}{}
		missing = append(missing, id)
	}
	return missing
}

func (t *tasks) remove(ids []string) {
	for _, id := range ids {
		if found, ok := t.live[id]; ok {
			if found.state().isUnderWay() {
				t.end(found.work)
			}
			delete(t.live, id)
			t.deleted[id] = struct{}{}
		}
	}
}

// listIDs names ids in a text of bounded length.
func listIDs(ids []string) string {
	shown := make([]string, 0, maxListedIDs)
	for _, id := range ids[:min(len(ids), maxListedIDs)] {
		shown = append(shown, shorten(id, maxListedID))
	}
	text := strings.Join(shown, ", ")
	if more := len(ids) - len(shown); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// shorten cuts text to at most limit bytes, at a character's boundary, and an
// ellipsis.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
