package demo

import (
	"io"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	got := clitest.Session{T: t, Root: newRoot}.Run("demo")
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stderr", got.Err, "")
	for _, want := range []string{
		"1. Generate an image.\n",
		"queued, processing, completed: …/fake_0000000000000001-1.png\n",
		"identical to the image",
		"errors.Is: wrapper.ErrOutcomeUnknown; submitted once, not retried\n",
		"errors.Is: wrapper.ErrDeleteFailed\n",
		"(/data/status: type)",
		"errors.Is: wrapper.ErrContract, wrapper.ErrOutcomeUnknown\n",
		"→ killed at submission 3: the service has 3 tasks; the journal has 2 saved,\n",
		"→ 6 prompts: 3 submitted, 5 saved, 1 in doubt (2 done before);",
		"→ 6 prompts: 0 submitted, 6 saved (5 done before);",
		"→ 6 prompts, 6 submissions, 6 tasks, 6 pictures: nothing was paid for twice\n",
		"Still there: task_000001, task_000002, task_000003 (refused).",
	} {
		if !strings.Contains(got.Out, want) {
			t.Errorf("no %q in\n%s", want, got.Out)
		}
	}
	if again := (clitest.Session{T: t, Root: newRoot}).Run("demo"); again.Out != got.Out {
		t.Errorf("the second time it is\n%s", again.Out)
	}
	if n := strings.Count(got.Out, "\n"); n > 75 {
		t.Errorf("%d lines are too many", n)
	}
	for line := range strings.Lines(got.Out) {
		if n := len([]rune(line)); n > 81 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

// A demo with an unexpected result fails.
func TestSceneFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		scene scene
		want  string
	}{
		"an error that was not foreseen": {
			scene{taskIDs: []string{"unknown"}, left: 1}, "the outcome is tensorslab: deleteImagesTask: HTTP 200, code 9999"},
		"no error": {
			scene{taskIDs: []string{"a"}, is: []error{wrapper.ErrDeleteFailed}}, "the outcome is <nil>"},
		"another error": {
			scene{taskIDs: []string{"a"}, prepare: func(f *fakeapi.Server) { f.RefuseTasks("a") }, is: []error{wrapper.ErrFailure}, left: 1},
			"the outcome is tensorslab: deleteImagesTask: HTTP 200, code 1000"},
		"too many left": {scene{taskIDs: []string{"a"}, left: 1}, "0 tasks left, want 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, client, err := service.ConnectFake([]string{"a"})
			if err != nil {
				t.Fatal(err)
			}
			defer fake.Close()
			err = tt.scene.play(t.Context(), io.Discard, 1, fake, client)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	clitest.WantText(t, "wrapped", wrap("one two  three fourteen", 9, "  "), "one two\n  three\n  fourteen")
	clitest.WantText(t, "wrapped", wrap("", 9, "  "), "")
}
