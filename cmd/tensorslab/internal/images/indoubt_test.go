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

// A response that names no task of its own leaves the outcome unknown, in the journal and in
// all outputs: one that holds the key, and one that was given before.
func TestAResponseWithoutAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		id, want  string
		noJournal bool
	}{
		"the key":             {clitest.Key, "the response has the key in place of the id of a task", false},
		"around the key":      {"t-" + clitest.Key, "the response has the key in place of the id of a task", false},
		"key, no journal":     {clitest.Key, "the response has the key in place of the id of a task", true},
		"of an earlier entry": {"fake_0000000000000001", `the service named the task of the job "single-`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "")
			args := []string{"images", "generate", "a fox", "--journal", s.journal}
			if tt.noJournal {
				args = []string{"images", "generate", "a fox", "--no-journal"}
			}
			clitest.WantStatus(t, s.Run(args...), cli.OK)
			for _, output := range []string{"text", "json"} {
				s.fake.FailNext(1, fakeapi.Respond(200, "application/json", `{"code":1000,"msg":"ok","data":{"taskid":"`+tt.id+`"}}`))
				got := s.Run(append(args, "-o", output)...)
				clitest.WantStatus(t, got, cli.Unknown)
				if !strings.Contains(got.Err, tt.want) || strings.Contains(got.Out+got.Err, clitest.Key) || strings.Contains(got.Out, `"created"`) {
					t.Errorf("stdout %q, stderr %q", got.Out, got.Err)
				}
			}
			if tt.noJournal {
				return
			}
			list := s.Run("images", "list", "--in-doubt", "--journal", s.journal)
			if n := strings.Count(list.Out, "a fox"); n != 2 {
				t.Errorf("%d entries are in doubt: %s", n, list.Out)
			}
		})
	}
}
