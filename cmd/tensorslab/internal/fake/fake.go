// Package fake holds the command that serves a fake Images Service.
package fake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	maxTasks   = 1_000_000
	shownTasks = 3
)

// NewCommand returns the command fake.
func NewCommand(e cli.Env) *cobra.Command {
	var addr string
	var tasks int
	cmd := &cobra.Command{
		Use:   "fake",
		Short: "Serve a fake Images Service until Ctrl-C, for clients in any language",
		Long: `Serve a fake Images Service until Ctrl-C, for clients in any language.

It validates each request against the contract, accepts any key, and forgets its
tasks when it stops. It is meant for tests on one machine: it serves plain HTTP,
and only on loopback addresses.`,
		Example: `  tensorslab fake
  tensorslab fake --addr 127.0.0.1:0 --tasks 1000`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.FirstError(cli.CheckRange("tasks", tasks, 0, maxTasks), checkLoopback(addr)); err != nil {
				return err
			}
			return serve(cmd.Context(), e, addr, service.TaskIDs(tasks))
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8787", "loopback `HOST:PORT` to listen on; port 0 picks a free one")
	cmd.Flags().IntVar(&tasks, "tasks", 10, "number of tasks that it holds at first")
	return cmd
}

// checkLoopback returns a usage error unless addr is on this machine: clients send their
// keys to the fake unencrypted.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	switch {
	case err != nil:
		return cli.Usagef("--addr must be HOST:PORT, such as 127.0.0.1:8787")
	case !service.IsLoopback(host):
		return cli.Usagef("--addr must be a loopback address, such as 127.0.0.1:8787, because keys reach the fake unencrypted")
	}
	return nil
}

func serve(ctx context.Context, e cli.Env, addr string, tasks []string) error {
	fake, err := fakeapi.NewServer(fakeapi.WithAddr(addr), fakeapi.WithTasks(tasks...))
	if err != nil {
		return fmt.Errorf("cannot start the fake service: %w", socketError(err))
	}
	defer fake.Close()
	if _, err := fmt.Fprint(e.Stdout, welcome(fake.URL, fake.ImageHost().URL, tasks)); err != nil {
		return err
	}
	<-ctx.Done()
	return fake.Close()
}

// socketError returns the error of the network in err, if there is one. It names the
// address, and not the package that the fake comes from.
func socketError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op
	}
	return err
}

func welcome(url, images string, tasks []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Fake Images Service on %s\nTo use it (any key is accepted):\n", url)
	fmt.Fprintf(&b, "  export %s=%s\n  export %s=any-key\n", wrapper.EnvBaseURL, url, wrapper.EnvAPIKey)
	fmt.Fprintf(&b, "It holds %s", cli.Count(len(tasks), "task"))
	if len(tasks) > 0 {
		b.WriteString(": " + strings.Join(tasks[:min(len(tasks), shownTasks)], ", "))
	}
	if len(tasks) > shownTasks {
		b.WriteString(" … " + tasks[len(tasks)-1])
	}
	fmt.Fprintf(&b, "\nImages are on %s\nPress Ctrl-C to stop.\n", images)
	return b.String()
}
