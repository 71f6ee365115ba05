package fakeapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// How many missing ids a refusal names, and how much of each.
const (
	maxListedIDs = 10
	maxListedID  = 64
)

// tasks is the service's memory.
type tasks struct {
	next    int
	live    map[string]int // id to its place in the order of adding
	deleted map[string]struct{}
	refused map[string]struct{}
}

func newTasks(ids []string) *tasks {
	t := &tasks{live: make(map[string]int), deleted: make(map[string]struct{}), refused: make(map[string]struct{})}
	t.add(ids)
	return t
}

func (t *tasks) add(ids []string) {
	for _, id := range ids {
		if _, ok := t.live[id]; ok {
			continue
		}
		delete(t.deleted, id)
		t.live[id] = t.next
		t.next++
	}
}

func (t *tasks) refuse(ids []string) {
	for _, id := range ids {
		t.refused[id] = struct{}{}
	}
}

func (t *tasks) list() []string {
	return slices.SortedFunc(maps.Keys(t.live), func(a, b string) int { return t.live[a] - t.live[b] })
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
		if _, ok := t.live[id]; ok {
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
