// Package fake holds the command that serves a fake Images Service.
package fake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const maxTasks = 1_000_000

// flags are the flags of fake.
type flags struct {
	addr, addrFile, key, output string
	tasks, credits, maxTasks    int
	latency, life               time.Duration
	fail                        []string
	isSet                       func(flag string) bool // whether the flag is on the command line
}

// NewCommand returns the command fake.
func NewCommand(e cli.Env) *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:     "fake",
		Short:   "Serve a fake Images Service until Ctrl-C, for clients in any language",
		Long:    long,
		Example: example,
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.isSet = cmd.Flags().Changed
			if err := cli.FirstError(f.check(), cli.CheckNotBlank(cmd.Flags())); err != nil {
				return err
			}
			return f.serve(cmd.Context(), e)
		},
	}
	f.register(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

func (f *flags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.addr, "addr", "127.0.0.1:8787", "loopback `HOST:PORT` to listen on; port 0 picks a free one")
	fs.StringVar(&f.addrFile, "addr-file", "", "write the URL to `FILE` once it listens, and remove the file at the end")
	fs.StringVar(&f.key, "key", "", "accept only this made-up `KEY` (default: any)")
	fs.IntVar(&f.tasks, "tasks", 10, "number of tasks that it holds at first")
	fs.IntVar(&f.credits, "credits", 0, "number of credits, each for one image (default: no limit)")
	fs.IntVar(&f.maxTasks, "max-tasks", 0, "number of tasks that may be under way at once (default: no limit)")
	fs.DurationVar(&f.life, "life", 0, "time that a task takes (default: until its third query)")
	fs.DurationVar(&f.latency, "latency", 0, "time that each response takes")
	fs.StringArrayVar(&f.fail, "fail", nil, "make a call fail: `OP:N:HOW`; may be repeated")
	fs.StringVarP(&f.output, "output", "o", "text", "output `FORMAT`: text or json")
	cli.CompleteWords(cmd, "output", "text", "json")
	_ = cmd.MarkFlagFilename("addr-file")
}

// check returns a usage error for flags that cannot be meant.
func (f *flags) check() error {
	err := cli.FirstError(cli.CheckRange("tasks", f.tasks, 0, maxTasks), checkLoopback(f.addr))
	switch {
	case err != nil:
		return err
	case f.credits < 0:
		return cli.Usagef("--credits must not be negative")
	case f.isSet("max-tasks") && f.maxTasks < 1:
		return cli.Usagef("--max-tasks must be above 0")
	case f.latency < 0:
		return cli.Usagef("--latency must not be negative")
	case f.isSet("life") && f.life <= 0:
		return cli.Usagef("--life must be a duration above 0, such as 30s")
	}
	return cli.CheckOneOf("output", f.output, "text", "json")
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

// options returns the flags as options of the fake.
func (f *flags) options() []fakeapi.Option {
	opts := []fakeapi.Option{
		fakeapi.WithAddr(f.addr), fakeapi.WithTasks(service.TaskIDs(f.tasks)...), fakeapi.WithLatency(f.latency),
		fakeapi.WithFirstTask(time.Now().UnixMilli() * 1000), // since a journal has the ids of earlier starts
	}
	if f.key != "" {
		opts = append(opts, fakeapi.WithKey(f.key))
	}
	if f.isSet("credits") {
		opts = append(opts, fakeapi.WithCredits(f.credits))
	}
	if f.maxTasks > 0 {
		opts = append(opts, fakeapi.WithMaxTasks(f.maxTasks))
	}
	if f.life > 0 {
		opts = append(opts, fakeapi.WithTaskLife(fakeapi.TaskLife{Lasts: f.life}))
	}
	return opts
}

// start returns a running fake with the faults that are wanted.
func (f *flags) start() (*fakeapi.Server, error) {
	aims, err := parseAims(f.fail)
	if err != nil {
		return nil, err
	}
	fake, err := fakeapi.NewServer(f.options()...)
	switch op := new(net.OpError); {
	case errors.As(err, &op) && errors.As(err, new(*os.SyscallError)): // which names the address, and not the package
		return nil, fmt.Errorf("cannot start the fake service: %w; --addr 127.0.0.1:0 takes a free port", op)
	case errors.As(err, &op):
		return nil, cli.Usagef("--addr: %v", op.Err)
	case err != nil && f.key != "":
		return nil, cli.Usagef("--key is not usable: write printable ASCII, without the word Bearer")
	case err != nil:
		return nil, fmt.Errorf("cannot start the fake service: %w", err)
	}
	for _, a := range aims {
		a.set(fake)
	}
	return fake, nil
}

// serve serves until ctx ends, which is a success.
func (f *flags) serve(ctx context.Context, e cli.Env) error {
	file := addrFile{path: f.addrFile}
	if err := file.clear(); err != nil {
		return err
	}
	fake, err := f.start()
	if err != nil {
		return err
	}
	defer fake.Close()
	e.OnExit.Set(file.remove)
	defer file.remove()
	if err := file.write(fake.URL); err != nil {
		return err
	}
	report := cli.NewReporter(e.Stdout, f.output == "json")
	report.Hide(e.Secret) // a real key may be given by mistake
	report.Report(f.welcome(fake))
	if err := report.Err(); err != nil {
		return err
	}
	<-ctx.Done()
	_ = fake.Close() // whose error is always nil
	file.remove()
	report.Report(summaryOf(fake))
	return nil // whoever has stopped it may not read any more
}
