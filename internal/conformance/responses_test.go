package conformance

import (
	"fmt"
	"sync"
	"testing"
)

// responseGroups is the specification of what a response means. Each row is
// one response, of the service or of a gateway in front of it, and the verdict
// on it. The package documentation says which file has which rows.
var responseGroups = sync.OnceValue(func() []responseGroup {
	return []responseGroup{
		{"success", successRows},
		{"business code", businessRows},
		{"media type", mediaTypeRows},
		{"undocumented 2xx", undocumentedRows},
		{"error status", statusRows()},
		{"error body", errorBodyRows},
		{"redirect", redirectRows()},
		{"informational", informationalRows},
		{"not JSON", notJSONRows},
		{"wrong type", wrongTypeRows},
		{"repeated key", repeatedKeyRows},
		{"other case", otherCaseRows},
		{"number", numberRows},
		{"nesting", nestingRows()},
		{"many", manyRows()},
		{"text", textRows},
		{"size", sizeRows()},
		{"encoding", encodingRows()},
	}
})

// responseGroup is the rows of one subject.
type responseGroup struct {
	name string
	rows []responseRow
}

// responseRow is one response, and what the caller gets.
type responseRow struct {
	name   string
	status int // raw: body is all that is written, and the connection is closed
	header header
	body   string
	want   verdict
}

const raw = 0

// header replaces "Content-Type: application/json" and adds to it. An empty
// value leaves the field out.
type header map[string]string

var asJSON header

func TestResponses(t *testing.T) {
	t.Parallel()
	server := startTable(t)
	for _, group := range responseGroups() {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, row := range group.rows {
				t.Run(row.name, func(t *testing.T) {
					t.Parallel()
					served := server.add(row)
					for _, c := range callers(t, served.url, served.client) {
						if !served.skips(c) {
							t.Run(c.name, func(t *testing.T) { served.check(t, c) })
						}
					}
				})
			}
		})
	}
}

func TestResponsesAreNamedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, group := range responseGroups() {
		for _, row := range group.rows {
			name := fmt.Sprintf("%s/%s", group.name, row.name)
			if seen[name] {
				t.Errorf("there are two rows %s", name)
			}
			seen[name] = true
		}
	}
	if len(seen) < 550 {
		t.Errorf("only %d rows", len(seen))
	}
}
