package auth

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// status is what is known of the key in use.
type status struct {
	From   string `json:"from"`
	Ending string `json:"ends_in"`
	Sent   string `json:"sent"` // the form that the commands use: bearer or bare
	Bearer string `json:"bearer"`
	Bare   string `json:"bare"`
	// Why a form is not accepted; empty for one that is.
	BearerReason string `json:"bearer_reason,omitempty"`
	BareReason   string `json:"bare_reason,omitempty"`
}

// Text returns the status in lines.
func (s status) Text() string {
	line := func(result, reason string) string {
		if reason == "" {
			return result
		}
		return result + " (" + reason + ")"
	}
	key := "ends in " + s.Ending
	if s.Ending == tooShort {
		key = "too short to show"
	}
	return fmt.Sprintf("key     %s, from %s\nbearer  %s\nbare    %s\nsent    as %s", key, cli.Printable(s.From),
		line(s.Bearer, s.BearerReason), line(s.Bare, s.BareReason), s.Sent)
}

// Objects yields the status.
func (s status) Objects(yield func(any) bool) { yield(s) }

func newStatusCommand(e cli.Env) *cobra.Command {
	var f service.Flags
	var store bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show which API key is used, and whether the service accepts it",
		Long: `Show which API key is used, and whether the service accepts it.

The key is tried in both forms, "Bearer KEY" and KEY alone (bare), by a query for a task
that cannot exist: it is free and changes nothing. If only the form that is not used
works, you are asked whether to store that in ~/.tensorslab/.env; --store does so
without asking. The exit status is 3 if the service rejects the key as it is used.

` + service.KeyHelp,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.Check(cmd.Flags()); err != nil {
				return err
			}
			return showStatus(cmd.Context(), e, &f, store)
		},
	}
	f.RegisterService(cmd, 20*time.Second)
	f.RegisterOutput(cmd)
	f.RegisterKeyFile(cmd)
	cmd.Flags().BoolVar(&store, "store", false, "store the form that works, without asking")
	return cmd
}

func showStatus(ctx context.Context, e cli.Env, f *service.Flags, store bool) error {
	key, place, err := service.FindKey(ctx, e, f)
	if err != nil {
		return err
	}
	if err := f.SetForm(e); err != nil {
		return err
	}
	both, err := checkForms(ctx, e, f, key)
	if err != nil {
		return err
	}
	f.PrintNote(e)
	report := f.NewReporter(e)
	report.Report(status{
		From: place, Ending: ending(key), Sent: nameOf(f.BareKey), Bearer: both.bearer.result(), Bare: both.bare.result(),
		BearerReason: both.bearer.reason(), BareReason: both.bare.reason(),
	})
	if err := report.Err(); err != nil {
		return err
	}
	return conclude(ctx, e, f, both, store)
}

// conclude returns the error of a key that does not work as it is used, and makes it work
// if its other form does and the person wants that.
func conclude(ctx context.Context, e cli.Env, f *service.Flags, both forms, store bool) error {
	used := both.in(f.BareKey)
	bare, known := both.best()
	switch {
	case used.err == nil:
		return nil
	case known && bare != f.BareKey:
		return offer(ctx, e, bare, store)
	case used.result() == unknown:
		return cli.Failf(cli.StatusFor(used.err), "it is unknown whether the service accepts the key")
	case both.both(rejected):
		return cli.Failf(cli.Auth, "the service rejects the key in both forms; run \"tensorslab auth login\" to get another")
	}
	return cli.Failf(cli.Auth, "the service rejects the key; whether it accepts the other form is unknown")
}

// offer stores the form that works, if the person wants that.
func offer(ctx context.Context, e cli.Env, bare, store bool) error {
	works := "the service accepts only the " + nameOf(bare) + " form of the key"
	if _, place, _ := apikey.Setting(e.Getenv, "", wrapper.EnvAuth); place != "" {
		return cli.Failf(cli.Auth, "%s; set %s=%s in the environment, which takes precedence over %s", works, wrapper.EnvAuth, nameOf(bare), apikey.Dotenv)
	}
	if !store && !agrees(ctx, e, works+". Store that in "+apikey.Dotenv+"?") {
		return cli.Failf(cli.Auth, "%s; run \"tensorslab auth status --store\" to store that", works)
	}
	if err := apikey.Store(e.Home, apikey.Variable{Name: wrapper.EnvAuth, Value: authOf(bare)}); err != nil {
		return cli.Failf(cli.Auth, "%s; cannot store that: %w", works, err)
	}
	_, err := fmt.Fprintf(e.Stderr, "%s; stored in %s\n", works, apikey.Dotenv)
	return err
}

// agrees asks a question if a person is there to answer.
func agrees(ctx context.Context, e cli.Env, question string) bool {
	if !cli.IsTerminal(e.Stdin) || !cli.IsTerminal(e.Stderr) {
		return false
	}
	fmt.Fprintf(e.Stderr, "%s%s [y/N] ", strings.ToUpper(question[:1]), question[1:])
	answer, err := cli.AwaitValue(ctx, func() (string, error) { return bufio.NewReader(e.Stdin).ReadString('\n') })
	if err != nil {
		fmt.Fprintln(e.Stderr) // the cursor is still in the line
	}
	return isOneOf(strings.ToLower(strings.TrimSpace(answer)), "y", "yes")
}
