package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ofOthers are errors of other requests, as the first error of an errgroup cancels the others.
func ofOthers(t *testing.T) map[string]error {
	t.Helper()
	srv := fakeapi.Start(t)
	c, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(srv.URL), once)
	if err != nil {
		t.Fatal(err)
	}
	generate := func(prompt string, faults ...fakeapi.Fault) error {
		for _, f := range faults {
			srv.FailNext(1, f)
		}
		_, err := c.Generate(t.Context(), wrapper.GenerateRequest{Prompt: prompt})
		return err
	}
	return map[string]error{
		"refused here":   generate(" "),
		"no credits":     generate("a", fakeapi.BusinessCode(9000, "none")),
		"in doubt":       generate("a", fakeapi.DropAnswer()),
		"names a task":   generate("a", fakeapi.Respond(200, "application/json", `{"code":1000,"msg":"ok","data":{"taskid":"OTHER","url":[]}}`)),
		"a sentinel":     fmt.Errorf("stopped: %w", wrapper.ErrNotSent),
		"a failed task":  &wrapper.TaskFailedError{TaskID: "OTHER", Message: "nsfw"},
		"an unknown key": generate("a", fakeapi.Respond(401, "", "")),
	}
}

// What is known of another request is not known of the one that ends because of it.
func TestTheCauseOfAContextIsOfAnotherRequest(t *testing.T) {
	t.Parallel()
	for name, cause := range ofOthers(t) {
		for call, do := range map[string]func(context.Context, *wrapper.Client) error{
			"generate": func(ctx context.Context, c *wrapper.Client) error {
				id, err := c.Generate(ctx, wrapper.GenerateRequest{Prompt: "a fox"})
				if what, task := batch.Judge(id, err); what != batch.VerdictInDoubt || task != "" {
					t.Errorf("Judge: %v, task %q", what, task)
				}
				return err
			},
			"delete": func(ctx context.Context, c *wrapper.Client) error {
				_, err := c.DeleteImagesTask(ctx, oneID)
				return err
			},
			"purge": func(ctx context.Context, c *wrapper.Client) (first error) {
				for _, err := range c.PurgeImagesTasks(ctx, slices.Values([]string{"a"}), wrapper.PurgeOptions{}) {
					first = err
				}
				return first
			},
			"wait": func(ctx context.Context, c *wrapper.Client) error {
				_, err := c.WaitForTask(ctx, "T1", wrapper.WaitOptions{})
				return err
			},
		} {
			t.Run(name+"/"+call, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body) // so that the end of the connection is noticed
					cancel(cause)
					<-r.Context().Done()
				}))
				t.Cleanup(server.Close)
				err := do(ctx, newClient(t, server.URL, nil))
				if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
					t.Errorf("%v", err)
				}
				for _, of := range []error{wrapper.ErrNotSent, wrapper.ErrInvalidRequest, wrapper.ErrInsufficientCredits, wrapper.ErrTaskFailed, wrapper.ErrContract, wrapper.ErrUnauthorized} {
					if errors.Is(err, of) && err != cause { //nolint:errorlint // by identity
						t.Errorf("matches %v: %v", of, err)
					}
				}
				if errors.As(err, new(*wrapper.TaskFailedError)) || errors.As(err, new(*wrapper.APIError)) || errors.As(err, new(*wrapper.ContractError)) {
					t.Errorf("has the type of the other: %v", err)
				}
			})
		}
	}
}
