package images

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// The first line of a job has the start of its prompt, because its key may be a digest.
func TestLinesOfJobs(t *testing.T) {
	t.Parallel()
	const long = "an owl that reads the newspaper of tomorrow aloud"
	job := func(s batch.State) batch.Result {
		return batch.Result{Key: "8e8d", State: s, Prompt: long}
	}
	for want, record := range map[string]interface{ Text() string }{
		"8e8d: submitting, \"an owl that reads the newspaper of tomo…\"": changeRecord{result: job(batch.Submitting), prompt: long},
		"8e8d: completed":                       changeRecord{result: job(batch.Completed)},
		"k: submitted, task t, \"a \\x1b fox\"": createdRecord{id: "t", key: "k", prompt: "a \x1b fox", many: true},
		"k: submitted, task t":                  createdRecord{id: "t", key: "k", prompt: "a fox", many: true, named: true},
		"k: submitted, task t, \"" + strings.Repeat("é", 39) + "…\"": createdRecord{id: "t", key: "k", prompt: strings.Repeat("é", 41), many: true},
		"k: submitted, task t, \"" + strings.Repeat("é", 40) + "\"":  createdRecord{id: "t", key: "k", prompt: strings.Repeat("é", 40), many: true},
	} {
		clitest.WantText(t, "line", record.Text(), want)
	}
}
