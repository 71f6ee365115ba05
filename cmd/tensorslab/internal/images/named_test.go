package images

import (
	"context"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A task that the response names, although it is not a success, is printed with the
// command to continue.
func TestFailedSubmissionNamesTheTask(t *testing.T) {
	const next = "; the response names the task task-4711; to continue: tensorslab images wait task-4711"
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string // a part of the error before that
	}{
		"a field violates the contract": {200, `{"code":1000,"msg":"ok","data":{"taskid":"task-4711","url":7}}`, "the response violates the contract"},
		"an unknown code":               {200, `{"code":1001,"msg":"ok","data":{"taskid":"task-4711"}}`, "the contract does not say what this code means with this status; the service may have acted"},
		"400 with code 1000":            {400, `{"code":1000,"msg":"ok","data":{"taskid":"task-4711"}}`, "HTTP 400, code 1000"},
		"a gateway gave up":             {504, `{"code":9999,"msg":"late","data":{"taskid":"task-4711"}}`, "HTTP 504"},
	} {
		for flag, then := range map[string]string{"--wait": "", "--out=a dir": ", then: tensorslab images download --out 'a dir' task-4711"} {
			t.Run(name+" "+flag, func(t *testing.T) {
				s := responding(t, tt.status, tt.body)
				t.Chdir(t.TempDir())
				got := s.Run("images", "generate", "a fox", flag)
				clitest.WantStatus(t, got, cli.Unknown)
				if !strings.Contains(got.Err, tt.want) || !strings.HasSuffix(got.Err, next+then+"\n") || strings.Contains(got.Err, "did not act") || strings.Count(got.Err, "\n") != 1 {
					t.Errorf("stderr %q", got.Err)
				}
				got = s.Run("images", "generate", "a fox", "--output", "json")
				if !strings.HasPrefix(got.Out, `{"type":"error","id":"task-4711",`) || !strings.Contains(got.Out, `"outcome":"unknown"`) {
					t.Errorf("stdout %q", got.Out)
				}
			})
		}
	}
}

// The same after an interruption, and with an id that a shell would misread.
func TestInterruptedSubmissionNamesTheTask(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := whileSubmitting(t, cancel, 200, `{"code":1000,"msg":"ok","data":{"taskid":"-a b","url":7}}`)
	got := s.RunContext(ctx, "images", "generate", "a fox")
	clitest.WantStatus(t, got, cli.Unknown)
	if !strings.Contains(got.Err, "tensorslab: interrupted; HTTP 200: ") || !strings.HasSuffix(got.Err, "to continue: tensorslab images wait -- '-a b'\n") {
		t.Errorf("stderr %q", got.Err)
	}
}
