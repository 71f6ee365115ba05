package images

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A submission without a response ends with the commands that settle it, whose flags are
// those of the command line.
func TestInDoubtSaysHowToResolve(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{"", "--journal", "--no-journal"} {
		s := newStudio(t, "")
		s.fake.FailNext(1, fakeapi.DropAnswer())
		args, journal := []string{"images", "generate", "a fox"}, ""
		switch flags {
		case "--journal":
			args, journal = append(args, flags, s.journal), " --journal "+s.journal
		case "--no-journal":
			args = append(args, flags)
		}
		got := s.Run(args...)
		clitest.WantStatus(t, got, cli.Unknown)
		s.wantLine(got.Err, mayExist+"; look for the task in the web console ("+cli.Console+")")
		found := regexp.MustCompile(`then run: tensorslab (images resolve` + regexp.QuoteMeta(journal) + ` single-\S+) TASKID, or tensorslab (.*) --not-created\n$`).FindStringSubmatch(got.Err)
		if flags == "--no-journal" {
			if found != nil {
				t.Errorf("stderr %q", got.Err)
			}
			continue
		}
		if found == nil || found[1] != found[2] {
			t.Fatalf("stderr %q", got.Err)
		}
		clitest.WantStatus(t, s.Run(append(strings.Fields(found[1]), "--not-created")...), cli.OK)
	}
}
