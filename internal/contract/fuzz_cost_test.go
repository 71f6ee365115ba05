package contract

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// FuzzCost makes large bodies of short inputs: open and end around the middle, depth
// times, and unit in the middle, count times. No body of at most 1 MiB may cost
// more than 50 MB or a bounded number of steps. Steps are counted as allocations, of
// which the reader, the walk and the validator make some for each value they look
// at. The time, a hundred times what the slowest takes on an idle machine, is for
// steps without any.
func FuzzCost(f *testing.F) {
	nested.WithoutRace(f)
	const head = `{"code":1000,"msg":"","data":`
	for _, seed := range []struct {
		head, open, unit, last, end, tail string
		depth, count                      uint32
	}{
		{"[", "", "1,", "1", "", "]", 0, 500_000},
		{"[", "", `{"":0},`, "1", "", "]", 0, 65_000},
		{"[", "", `"\ud800",`, "1", "", "]", 0, 100_000},
		{"", "", "1", "1", "", "", 0, 1 << 20},
		{"", "[", "", "", "]", "", 9_990, 0},
		{"", `{"a":1,"a":`, "", "1", "}", "", 9_900, 0},
		{"", `{"b":0,"b":0,"a":[`, `{"c":1,"c":1},`, "1", "]}", "", 2_000, 40_000},
		{head + `{"url":[`, "", "1,", "1", "", "]}}", 0, 400_000},
		{head + `{"image_status":1`, "", "1", "", "", "}}", 0, 900_000},
		{head + `{"url":["`, "", `\n`, "", "", `"]}}`, 0, 400_000},
		{`{"size":1,"chain":`, `{"next":`, "", "7", "}", "}", 249, 0},
		{`{"size":1,"chain":`, `{"next":{`, `"x":1,`, `"y":1`, "}}", "}", 100, 100_000},
		{`{"any":{"x":1},"any":`, `{"n":`, "1", "1", "}", "}", 15, 900_000},
		{`{"any":{"x":1},"any":`, `{"n":`, "", `0.1`, "}", "}", 15, 0},
		{`{"one":`, `{"n":`, "", `{"x":[1]}`, "}", "}", 15, 0},
		{`{"not":`, `{"n":`, "", "1", "}", "}", 40, 0},
		{`{"one":{"x":[`, "", "[],", "1", "", "]}}", 0, 200_000},
	} {
		f.Add(seed.head, seed.open, seed.unit, seed.last, seed.end, seed.tail, seed.depth, seed.count)
	}
	operations := []*Operation{
		ours(f).Operation("infoByTaskId"), parseText(f, grown).Operation("getImage"), parseText(f, unions).Operation("get"),
	}
	f.Fuzz(func(t *testing.T, head, open, unit, last, end, tail string, depth, count uint32) {
		size := len(head) + len(last) + len(tail) + int(depth)*(len(open)+len(end)) + int(count)*len(unit)
		if size > 1<<20 || depth > 1<<20 || count > 1<<20 {
			return
		}
		body := head + strings.Repeat(open, int(depth)) + strings.Repeat(unit, int(count)) + last + strings.Repeat(end, int(depth)) + tail
		for _, op := range operations {
			start, resp := time.Now(), with(200, "application/json")
			bytes, steps := costs(func() { op.CheckResponse(resp, ReadJSON([]byte(body)), true) })
			if bytes > 50<<20 || steps > maxAllocations {
				t.Errorf("%s: %d bytes took %d MB and %d allocations", op.ID, len(body), bytes>>20, steps)
			}
			if bytes, steps := costs(func() { op.Proves(resp, []byte(body), 1000) }); steps > 100 || bytes > 2<<20 {
				t.Errorf("%s: the proof of %d bytes took %d bytes and %d allocations", op.ID, len(body), bytes, steps)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%s: %d bytes took %v", op.ID, len(body), took)
			}
		}
	})
}

// maxAllocations is three times what the costliest body of the seeds takes, and a small
// part of what a cost that grows with a square would take.
const maxAllocations = 2 << 20

// costs returns how many bytes, and in how many parts, do allocates.
func costs(do func()) (bytes, parts uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}
