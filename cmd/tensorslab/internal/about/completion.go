package about

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// Shells are those that completion scripts exist for.
var Shells = []string{"bash", "zsh", "fish", "powershell"}

// NewCompletionCommand returns the command that prints completion scripts.
func NewCompletionCommand(e cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a completion script for bash, zsh, fish or powershell",
		Long: `Print a completion script for bash, zsh, fish or powershell.

It completes commands, flags and their values, and the ids of the tasks that are in
the journal on this machine, the latest first.`,
		Example: `  source <(tensorslab completion bash)
  tensorslab completion zsh > "${fpath[1]}/_tensorslab"
  tensorslab completion fish > ~/.config/fish/completions/tensorslab.fish`,
		ValidArgs: Shells,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && slices.Contains(Shells, args[0]) {
				return nil
			}
			text := "completion takes one argument: bash, zsh, fish or powershell"
			if len(args) > 0 && !slices.Contains(Shells, args[0]) && cli.Shown(args[0]) != "" {
				text += ", but got " + cli.Shown(args[0])
			}
			return cli.Usagef("%s (see %s --help)", text, cmd.CommandPath())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return WriteCompletion(cmd.Root(), args[0], e.Stdout)
		},
	}
}

// WriteCompletion writes the completion script of root for one of the [Shells].
func WriteCompletion(root *cobra.Command, shell string, out io.Writer) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(out, true)
	case "zsh":
		return root.GenZshCompletion(out)
	case "fish":
		return root.GenFishCompletion(out, true)
	}
	return root.GenPowerShellCompletionWithDesc(out)
}
