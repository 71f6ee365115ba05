package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newDemoCommand(e env) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Show the life of an image task, against a fake service in this process",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return demo(cmd.Context(), e.stdout) },
	}
}

// scene is one deletion of the demo, and what has to come of it.
type scene struct {
	title   string
	taskIDs []string
	prepare func(*fakeapi.Server)
	is      []error // the sentinels that hold for the error; none for a success
	left    int     // tasks that the fake holds afterwards
}

var scenes = []scene{
	{
		title:   "Delete a task that the service refuses to delete.",
		taskIDs: []string{"task_000003"},
		prepare: func(fake *fakeapi.Server) { fake.RefuseTasks("task_000003") },
		is:      []error{wrapper.ErrDeleteFailed},
		left:    6,
	},
	{
		title:   "Delete a task, and the answer breaks the contract: the status is no string.",
		taskIDs: []string{"task_000004"},
		prepare: func(fake *fakeapi.Server) {
			fake.FailNext(1, fakeapi.Respond(http.StatusOK, "application/json",
				`{"code": 1000, "msg": "Successfully", "data": {"status": true}}`))
		},
		is:   []error{wrapper.ErrContract, wrapper.ErrOutcomeUnknown},
		left: 6,
	},
	{
		title:   "What became of it is unknown, so delete it again, with two others.",
		taskIDs: []string{"task_000004", "task_000005", "task_000006"},
		left:    3,
	},
}

// demo plays the scenes and fails if one does not go as told.
func demo(ctx context.Context, out io.Writer) error {
	tasks := taskIDs(6)
	fake, client, err := connectFake(tasks)
	if err != nil {
		return err
	}
	defer fake.Close()
	fmt.Fprintf(out, "A fake Images Service runs in this process and holds %s to %s.\nThe key is made up, and nothing leaves this machine.\n",
		tasks[0], tasks[len(tasks)-1])
	life := life{out: out, fake: fake, client: client}
	if err := life.play(ctx); err != nil {
		return fmt.Errorf("the demo did not go as told: %w", err)
	}
	for i, s := range scenes {
		if err := s.play(ctx, out, life.steps+i+1, fake, client); err != nil {
			return fmt.Errorf("the demo did not go as told, at %d: %w", life.steps+i+1, err)
		}
	}
	_, err = fmt.Fprintf(out, "\nStill there: %s (refused).\n", strings.Join(fake.Tasks(), ", "))
	return err
}

func (s scene) play(ctx context.Context, out io.Writer, number int, fake *fakeapi.Server, client *wrapper.Client) error {
	if s.prepare != nil {
		s.prepare(fake)
	}
	fmt.Fprintf(out, "\n%d. %s\n   client.DeleteImagesTask(ctx, … %s)\n", number, s.title, strings.Join(s.taskIDs, ", "))
	resp, err := client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: s.taskIDs})
	if err == nil {
		fmt.Fprintf(out, "   → code %d, msg %q, status %q; tasks left: %d\n", resp.Code, resp.Msg, resp.Data.Status, len(fake.Tasks()))
	} else {
		fmt.Fprintf(out, "   → %s\n     errors.Is: %s\n", wrap(err.Error(), 74, "     "), strings.Join(names(holding(err)), ", "))
	}
	switch left := len(fake.Tasks()); {
	case !slices.Equal(holding(err), s.is):
		return fmt.Errorf("the outcome is %v", err) //nolint:errorlint // it may be nil
	case left != s.left:
		return fmt.Errorf("%s left in place of %d", count(left, "task"), s.left)
	}
	return nil
}

// sentinels are what errors.Is is asked for, in the order in which it is shown.
var sentinels = []struct {
	name string
	err  error
}{
	{"ErrInvalidRequest", wrapper.ErrInvalidRequest},
	{"ErrInsufficientCredits", wrapper.ErrInsufficientCredits},
	{"ErrFailure", wrapper.ErrFailure},
	{"ErrDeleteFailed", wrapper.ErrDeleteFailed},
	{"ErrUnauthorized", wrapper.ErrUnauthorized},
	{"ErrNotFound", wrapper.ErrNotFound},
	{"ErrRateLimited", wrapper.ErrRateLimited},
	{"ErrServer", wrapper.ErrServer},
	{"ErrRedirected", wrapper.ErrRedirected},
	{"ErrContract", wrapper.ErrContract},
	{"ErrResponseTooLarge", wrapper.ErrResponseTooLarge},
	{"ErrNotSent", wrapper.ErrNotSent},
	{"ErrOutcomeUnknown", wrapper.ErrOutcomeUnknown},
}

func holding(err error) (all []error) {
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			all = append(all, s.err)
		}
	}
	return all
}

func names(errs []error) (all []string) {
	for _, s := range sentinels {
		if slices.Contains(errs, s.err) {
			all = append(all, "wrapper."+s.name)
		}
	}
	return all
}

// wrap breaks text at spaces into lines of at most width bytes, all but the
// first behind indent.
func wrap(text string, width int, indent string) string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n"+indent)
}
