// Package mcp holds the command that offers the Images Service to agents, over the Model
// Context Protocol on standard input and output.
package mcp

import (
	"context"
	"path/filepath"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/submission"
)

// What an agent may spend in a session if the flags say nothing else.
const (
	defaultMaxTasks  = 20
	defaultMaxImages = 40
	maxLimit         = 100_000
)

// flags are the flags of mcp.
type flags struct {
	service.Flags
	journal             journal.Flags
	out                 string
	allowPrivate        bool
	maxTasks, maxImages int
}

// NewCommand returns the command mcp.
func NewCommand(e cli.Env) *cobra.Command {
	f := flags{Flags: service.Flags{Output: "text"}}
	cmd := &cobra.Command{
		Use:     "mcp",
		Short:   "Serve agents over the Model Context Protocol, on standard input and output",
		Long:    long,
		Example: example,
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd.Flags(), e); err != nil {
				return err
			}
			return serve(cmd.Context(), e, f)
		},
	}
	f.register(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

func (f *flags) register(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.IntVar(&f.maxTasks, "max-tasks", defaultMaxTasks, "let the agent create at most `N` tasks in a session; 0: none")
	fs.IntVar(&f.maxImages, "max-images", defaultMaxImages, "let the agent pay for at most `N` images in a session")
	fs.StringVar(&f.out, "out", "", "the only `DIR` for images (default: ~/Pictures/tensorslab)")
	fs.BoolVar(&f.allowPrivate, "allow-private", false, "allow downloads from addresses that are not public")
	f.journal.Register(cmd, true)
	f.RegisterService(cmd, submission.Timeout)
	f.RegisterKeyFile(cmd)
	fs.BoolVar(&f.BareKey, "bare-key", false, `send the key without "Bearer " in front of it (or set TENSORSLAB_AUTH=bare)`)
	fs.BoolVar(&f.Demo, "demo", false, "use a fake service in this process; needs no key and no network")
	_ = cmd.MarkFlagDirname("out")
}

// check returns a usage error for a value that cannot be meant, and sets the default of
// --out: programs that start servers do so in a folder of their own.
func (f *flags) check(fs *pflag.FlagSet, e cli.Env) error {
	err := cli.FirstError(f.Check(fs), f.journal.Check(f.Demo),
		cli.CheckRange("max-tasks", f.maxTasks, 0, maxLimit), cli.CheckRange("max-images", f.maxImages, 0, maxLimit))
	switch {
	case err != nil:
		return err
	case len(f.StdinUsers()) > 0:
		return cli.Usagef("--api-key-file must not be standard input, which is the agent's")
	}
	// Hosts of agents start programs without a shell, which would do this.
	for _, path := range []*string{&f.out, &f.journal.File, &f.APIKeyFile} {
		if rest, ok := strings.CutPrefix(*path, "~/"); ok && e.Home != "" {
			*path = filepath.Join(e.Home, rest)
		}
	}
	switch {
	case f.out == "" && e.Home == "":
		return cli.Usagef("there is no home directory for images; use --out DIR")
	case f.out == "":
		f.out = filepath.Join(e.Home, "Pictures", "tensorslab")
	}
	f.out, err = filepath.Abs(f.out) // what agents are told of their files must not depend on a folder
	if err != nil {
		return cli.Usagef("cannot use --out: %w", err)
	}
	return nil
}

// serve serves one session, until standard input or ctx ends. Both are a success.
func serve(ctx context.Context, e cli.Env, f flags) error {
	s, err := newServer(ctx, e, f)
	if err != nil {
		return err
	}
	defer s.close()
	if cli.IsTerminal(e.Stdin) {
		e.Warn("this server is for agents, which write JSON-RPC to its standard input; see tensorslab mcp --help; Ctrl-C ends it")
	}
	in := newInput(cli.Stdin(e))
	return in.explain(s.run(ctx, &sdk.IOTransport{Reader: in, Writer: newOutput(e.Stdout, e.Secret)}))
}
