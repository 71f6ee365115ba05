package images

import (
	"fmt"
	"os"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Images that were deleted at the service before they were saved are not counted as saved.
func TestManyDeletedBeforeTheyWereSaved(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(3))
	generate := []string{"images", "generate", "--file", s.file, "--journal", s.journal}
	clitest.WantStatus(t, s.Run(generate...), cli.OK)
	clitest.WantStatus(t, s.Run("images", "delete", "--from-journal", "--journal", s.journal, "--state", "completed", "--yes"), cli.OK)
	got := s.run()
	s.want(got, cli.Failed, 3, 0)
	s.wantLine(got.Out, "3 prompts: 0 submitted, 3 deleted; paid for in this run: 0 tasks")
	s.wantLine(got.Out, ": deleted: the task was deleted at the service before its images were saved; ")
	s.wantLine(got.Err, "3 of 3 prompts not done")
	s.wantLine(s.run("--dry-run").Out, "0 generations of 3 prompts, at most 0 images, 3 deleted;")
	got = s.Run(generate...) // whose purpose was only to generate
	s.want(got, cli.OK, 3, 0)
	s.wantLine(got.Out, "3 prompts: 0 submitted, 3 deleted (3 done before)")
}

// What was saved and then deleted by a retention job is done, and counted as deleted: the
// images may be in their files or not, and are not at the service any more.
func TestManyDeletedAfterTheyWereSaved(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(3))
	s.want(s.run(), cli.OK, 3, 3)
	clitest.WantStatus(t, s.Run("images", "delete", "--from-journal", "--journal", s.journal, "--state", "saved", "--yes"), cli.OK)
	got := s.run()
	s.want(got, cli.OK, 3, 3)
	s.wantLine(got.Out, "3 prompts: 0 submitted, 3 deleted (3 done before)")
	s.wantLine(s.run("--dry-run").Out, "0 generations of 3 prompts, at most 0 images, 3 deleted;")
	if err := os.RemoveAll(s.out); err != nil {
		t.Fatal(err)
	}
	got = s.run("-o", "json")
	s.want(got, cli.OK, 3, 0)
	s.wantLine(got.Out, `"type":"summary","total":3,"submitted":0,"saved":0,"completed":0,"skipped":3,"images":0,"failed":0,"deleted":3,`)
}

// A task that the service does not know was perhaps mistyped, and is told with the command
// that corrects it, also by a later run. To check an id is no use if nobody has typed it.
func TestDescribeUnknownTask(t *testing.T) {
	t.Parallel()
	m := new(manyRun)
	m.generateFlags.journal.File = "my j.jsonl"
	unknown := fmt.Errorf("batch: the service does not know the task %q: if its id was given by hand, correct it with Resolve: %w", "FAKE", &wrapper.APIError{HTTPStatus: 404, Code: 9999, Message: "Task not found"})
	for name, err := range map[string]error{
		"in this run": unknown, "in an earlier run": fmt.Errorf("batch: %w: %s", wrapper.ErrTaskFailed, unknown.Error()),
	} {
		got := m.describe(batch.Result{Key: "fox 1", TaskID: "FAKE", State: batch.Failed, Err: err})
		clitest.WantText(t, name, got.Error(), `the service does not know the task "FAKE": if its id was given by hand, correct it by: `+
			`tensorslab images resolve --journal 'my j.jsonl' 'fox 1' TASKID; otherwise it may have been paid for, and is lost`)
	}
}
