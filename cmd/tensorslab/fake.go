package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	maxFakeTasks = 1_000_000
	shownTasks   = 3
)

func newFakeCommand(e env) *cobra.Command {
	var addr string
	var tasks int
	cmd := &cobra.Command{
		Use:   "fake",
		Short: "Serve a fake Images Service until Ctrl-C, for clients in any language",
		Long: `Serve a fake Images Service until Ctrl-C, for clients in any language.

It checks each request against the contract, accepts any key, and forgets its
tasks when it stops. It speaks plain http and is meant for tests on one machine,
so that it listens on loopback addresses only.`,
		Example: `  tensorslab fake
  tensorslab fake --addr 127.0.0.1:0 --tasks 1000`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if tasks < 0 || tasks > maxFakeTasks {
				return usagef("--tasks wants a number from 0 to %d", maxFakeTasks)
			}
			if err := checkLoopback(addr); err != nil {
				return err
			}
			return serveFake(cmd.Context(), e, addr, taskIDs(tasks))
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8787", "loopback `HOST:PORT` to listen on; port 0 takes a free one")
	cmd.Flags().IntVar(&tasks, "tasks", 10, "how many tasks it holds at first")
	return cmd
}

// checkLoopback keeps keys that are sent to the fake, in the clear, on this machine.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return usagef("--addr wants HOST:PORT, such as 127.0.0.1:8787")
	}
	if isLoopback(host) {
		return nil
	}
	return usagef("--addr wants a loopback address, such as 127.0.0.1:8787: keys would reach the fake in the clear")
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

// isOnLoopback reports whether a URL leads to this machine.
func isOnLoopback(rawURL string) bool {
	u, err := url.Parse(rawURL)
	return err == nil && isLoopback(u.Hostname())
}

func serveFake(ctx context.Context, e env, addr string, tasks []string) error {
	fake, err := fakeapi.NewServer(fakeapi.WithAddr(addr), fakeapi.WithTasks(tasks...))
	if err != nil {
		return err
	}
	defer fake.Close()
	if _, err := fmt.Fprint(e.stdout, welcome(fake.URL, fake.ImageHost().URL, tasks)); err != nil {
		return err
	}
	<-ctx.Done()
	return fake.Close()
}

func welcome(url, images string, tasks []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Fake Images Service on %s\nPoint a client at it (any key will do):\n", url)
	fmt.Fprintf(&b, "  export %s=%s\n  export %s=any-key\n", wrapper.EnvBaseURL, url, wrapper.EnvAPIKey)
	fmt.Fprintf(&b, "It holds %s", count(len(tasks), "task"))
	if len(tasks) > 0 {
		b.WriteString(": " + strings.Join(tasks[:min(len(tasks), shownTasks)], ", "))
	}
	if len(tasks) > shownTasks {
		b.WriteString(" … " + tasks[len(tasks)-1])
	}
	fmt.Fprintf(&b, "\nImages are on %s\nCtrl-C stops it.\n", images)
	return b.String()
}
