package contract

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// A body of one megabyte costs tens of megabytes at most, whatever is in it,
// and a small one does not cost more than a large one. Bytes allocated and
// pointers built are counted, since time depends on the machine.
func TestCostIsBounded(t *testing.T) {
	nested.WithoutRace(t)
	published := ours(t).Operation("infoByTaskId")
	image := parseText(t, grown).Operation("getImage")
	const head = `{"code":1000,"msg":"","data":`
	for name, c := range map[string]struct {
		op   *Operation
		body string
	}{
		"objects":                       {published, "[" + filled(`{"":0},`) + "]"},
		"as many objects as are read":   {published, "[" + strings.Repeat(`{"":0},`, maxObjects-1) + filled("[],")[:400_002] + "{}]"},
		"empty arrays":                  {published, "[" + filled(`[],`) + "]"},
		"arrays of one":                 {published, "[" + filled(`[1],`) + "]"},
		"numbers":                       {published, "[" + filled(`1,`) + "]"},
		"escapes":                       {published, "[" + filled(`"\n",`) + "]"},
		"halves of pairs":               {published, "[" + filled(`"\ud800",`) + "]"},
		"keys":                          {published, `{"x":0` + distinctKeys() + "}"},
		"keys in data":                  {published, head + `{"x":0` + distinctKeys() + "}}"},
		"one key repeated":              {published, "{" + filled(`"a":0,`) + "}"},
		"keys repeated at each depth":   {published, chained(`{"b":0,"b":0,"a":`, 9900)},
		"long keys, repeated, deep":     {published, chained(`{"`+strings.Repeat("b", 40)+`":0,"`+strings.Repeat("b", 40)+`":0,"a":`, 9900)},
		"repeated below a deep chain":   {published, strings.Repeat(`{"a":`, 9900) + "[" + filled(`{"b":0,"b":0},`)[:900_002] + "]" + strings.Repeat("}", 9900)},
		"URLs that are none":            {published, head + `{"url":[` + filled(`1,`) + `]}}`},
		"URLs that are none, 64 KB":     {published, head + `{"url":[` + filled(`1,`)[:65_001] + `]}}`},
		"allOf in allOf":                {image, `{"size":1,"chain":` + chained(`{"next":`, maxDepth-1) + "}"},
		"allOf in allOf, long keys":     {image, `{"size":1,"chain":` + chained(`{"`+strings.Repeat("k", 10)+`":`, maxDepth-1) + "}"},
		"allOf in allOf, many items":    {image, `{"size":1,"chain":` + strings.Repeat(`{"next":`, 6) + "{" + wrongMembers(4000) + "}" + strings.Repeat("}", 6) + "}"},
		"allOf in allOf, items, deeper": {image, `{"size":1,"chain":` + strings.Repeat(`{"next":`, 200) + "{" + wrongMembers(4000) + "}" + strings.Repeat("}", 200) + "}"},
		"anyOf in anyOf":                {image, `{"size":1,"any":` + strings.Repeat("[", 12) + filled(`1,`)[:900_001] + strings.Repeat("]", 12) + "}"},
	} {
		t.Run(name, func(t *testing.T) {
			if len(c.body) > 1<<20 {
				t.Fatalf("%d bytes", len(c.body))
			}
			var found []Violation
			n := allocated(func() {
				found, _ = c.op.CheckResponse(with(200, "application/json"), ReadJSON([]byte(c.body)), true)
			})
			t.Logf("%d bytes: %d MB allocated, %d violations", len(c.body), n>>20, len(found))
			if n > 50<<20 {
				t.Errorf("%d bytes took %d MB", len(c.body), n>>20)
			}
			if len(found) > MaxViolations {
				t.Errorf("%d violations", len(found))
			}
		})
	}
}

func filled(unit string) string {
	return strings.TrimSuffix(strings.Repeat(unit, (1<<20-100)/len(unit)), ",")
}

func chained(open string, depth int) string {
	return strings.Repeat(open, depth) + "7" + strings.Repeat("}", depth)
}

func distinctKeys() string {
	var b strings.Builder
	for i := range uint32(90_000) {
		fmt.Fprintf(&b, `,"%x":0`, i*2654435761)
	}
	return trimToComma(b.String(), 1<<20-100)
}

// trimToComma cuts text before the last comma that begins within limit bytes.
func trimToComma(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return text[:strings.LastIndexByte(text[:limit], ',')]
}

// wrongMembers are members of which each violates the schema Chain.
func wrongMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"%d":1,`, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}

// allocated returns how many bytes do allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A pointer takes a bounded number of steps, and no more of them are built than
// are listed: a body in which keys are repeated thousands of levels deep once
// took seconds.
func TestPointersAreBuiltForWhatIsListed(t *testing.T) {
	deep := make(path, 10_000)
	for i := range deep {
		deep[i] = keyStep("a")
	}
	var l violationList
	if n := testing.AllocsPerRun(10, func() {
		l = violationList{}
		for range 100_000 {
			l.add(deep, KeywordUniqueKeys)
		}
	}); n > 20*MaxViolations {
		t.Errorf("%v allocations for %d pointers", n, MaxViolations)
	}
	for key, want := range map[string]int{"": maxPointer, "abcdefg": maxPointer / 8} {
		steps := 0
		for i := range deep {
			deep[i] = keyStep(key)
		}
		for n := 1; n < len(deep) && !strings.HasSuffix(deep[:n].pointer(), "…"); n++ {
			steps = n
		}
		if steps > want {
			t.Errorf("a pointer took %d steps of %d bytes", steps, len(key)+1)
		}
	}
}
