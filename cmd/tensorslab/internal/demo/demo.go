// Package demo holds the command that shows the life of a task against a fake service.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// NewCommand returns the command demo.
func NewCommand(e cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Show the life of image tasks, against a fake service in this process",
		Args:  cli.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return play(cmd.Context(), e) },
	}
}

// scene is one deletion of the demo with its expected result.
type scene struct {
	title   string
	taskIDs []string
	prepare func(*fakeapi.Server)
	is      []error // the sentinels that match the error; none for a success
	left    int     // number of tasks that the fake holds afterwards
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
		title:   "Delete a task; the response violates the contract: its status is no string.",
		taskIDs: []string{"task_000004"},
		prepare: func(fake *fakeapi.Server) {
			fake.FailNext(1, fakeapi.Respond(http.StatusOK, "application/json",
				`{"code": 1000, "msg": "Successfully", "data": {"status": true}}`))
		},
		is:   []error{wrapper.ErrContract, wrapper.ErrOutcomeUnknown},
		left: 6,
	},
	{
		title:   "The outcome is unknown, so delete the task again, with two others.",
		taskIDs: []string{"task_000004", "task_000005", "task_000006"},
		left:    3,
	},
}

// play runs the demo. It fails if one of them does not have the expected result.
func play(ctx context.Context, e cli.Env) error {
	out := e.Stdout
	tasks := service.TaskIDs(6)
	fake, client, err := service.ConnectFake(tasks)
	if err != nil {
		return err
	}
	defer fake.Close()
	fmt.Fprintf(out, "A fake Images Service runs in this process and holds %s to %s.\nNo key is needed, and nothing leaves this machine.\n",
		tasks[0], tasks[len(tasks)-1])
	life := life{out, e.OnExit, fake, client, 0}
	if err := life.play(ctx); err != nil {
		return fmt.Errorf("the demo had an unexpected result: %w", err)
	}
	if err := life.playMany(ctx); err != nil {
		return fmt.Errorf("the demo of many prompts had an unexpected result: %w", err)
	}
	for i, s := range scenes {
		if err := s.play(ctx, out, life.steps+i+1, fake, client); err != nil {
			return fmt.Errorf("the demo had an unexpected result at step %d: %w", life.steps+i+1, err)
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
		fmt.Fprintf(out, "   → %s\n     errors.Is: %s\n", wrap(err.Error(), 74, "     "), strings.Join(names(matching(err)), ", "))
	}
	switch left := len(fake.Tasks()); {
	case !slices.Equal(matching(err), s.is):
		return fmt.Errorf("the outcome is %v", err) //nolint:errorlint // it may be nil
	case left != s.left:
		return fmt.Errorf("%s left, want %d", cli.Count(left, "task"), s.left)
	}
	return nil
}

// sentinels are those that the demo shows, in this order.
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

// matching returns the sentinels that match err.
func matching(err error) (all []error) {
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

// wrap breaks text at spaces into lines of at most width bytes. All lines but the first
// begin with indent.
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
