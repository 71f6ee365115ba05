package wrapper_test

import (
	"fmt"
	"sync"
	"testing"
)

// The specification of what an answer means. Each row is one answer of a
// service, or of a gateway before it, and the verdict owed to the caller of
// DeleteImagesTask, of the generated client below it, and of a plain generated
// client behind NewContractDoer. The rows stand in the files of their groups;
// faults of the connection itself are in hostile_faults_test.go.
var hostileGroups = sync.OnceValue(func() []rowGroup {
	return []rowGroup{
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

// rowGroup is what the rows of one concern have in common: a name.
type rowGroup struct {
	name string
	rows []answerRow
}

// answerRow is one answer and what it means.
type answerRow struct {
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

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	server := startTable(t)
	for _, group := range hostileGroups() {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, row := range group.rows {
				t.Run(row.name, func(t *testing.T) {
					t.Parallel()
					tried := server.add(row)
					for _, c := range callers(t, tried.url, tried.client) {
						if !tried.spares(c) {
							t.Run(c.name, func(t *testing.T) { tried.check(t, c) })
						}
					}
				})
			}
		})
	}
}

func TestHostileAnswersAreManyAndNamedOnce(t *testing.T) {
	t.Parallel()
	seen, total := map[string]bool{}, 0
	for _, group := range hostileGroups() {
		for _, row := range group.rows {
			name := fmt.Sprintf("%s/%s", group.name, row.name)
			if seen[name] {
				t.Errorf("%s stands there twice", name)
			}
			seen[name] = true
			total++
		}
	}
	if total < 100 {
		t.Errorf("only %d answers", total)
	}
}
