package jobs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// The commands that are printed about a journal that was named are about that journal.
func TestHintsNameTheJournal(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, append(some(), batch.Entry{Key: "single-1", State: batch.InDoubt})...)
	named := filepath.Join(t.TempDir(), "my tasks.jsonl")
	if err := os.Rename(path, named); err != nil {
		t.Fatal(err)
	}
	quoted := " --journal '" + named + "' "
	for _, tt := range []struct {
		args string
		want string // in what is printed
	}{
		{"list", "see tensorslab images list" + quoted + "--in-doubt"},
		{"list --in-doubt", "tensorslab images resolve" + quoted + "KEY TASKID"},
		{"list --in-doubt", "tensorslab images resolve" + quoted + "KEY --not-created"},
		{"resolve none t", "see tensorslab images list" + quoted + "--in-doubt"},
		{"resubmit none", "see tensorslab images list" + quoted + "--in-doubt"},
		{"resolve single-1 t-single", "to continue: tensorslab images wait" + quoted + "t-single"},
	} {
		got := s.Run(append(append([]string{"images"}, strings.Fields(tt.args)...), "--journal", named)...)
		if !strings.Contains(got.Out+got.Err, tt.want) {
			t.Errorf("%s: no %q in %q, %q", tt.args, tt.want, got.Out, got.Err)
		}
	}
	clitest.WantStatus(t, s.Run("images", "list"), cli.OK)
}
