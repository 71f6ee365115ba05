package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// NewRoot returns the command tensorslab with its subcommands.
func NewRoot(version string, subcommands ...*cobra.Command) *cobra.Command {
	root := NewGroup("tensorslab", "Generate images with TensorsLab's Images Service, and delete them", subcommands...)
	root.Long, root.Example = rootLong, rootExample
	root.AddCommand(newTopics()...)
	root.Annotations = rootAdvice
	root.Version = version
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	refuseUnknownTopics(root)
	// Cobra looks for the subcommand before it defines these flags, and takes the word
	// after a flag that it does not know for its value.
	root.InitDefaultVersionFlag()
	initHelpFlags(root)
	return root
}

func initHelpFlags(cmd *cobra.Command) {
	cmd.InitDefaultHelpFlag()
	for _, below := range cmd.Commands() {
		initHelpFlags(below)
	}
}

// NewGroup returns a command that does nothing but hold subcommands.
func NewGroup(use, short string, subcommands ...*cobra.Command) *cobra.Command {
	group := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ArbitraryArgs,

		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	group.AddCommand(subcommands...)
	return group
}

// refuseUnknownTopics makes the command help fail for a word that is not a command.
func refuseUnknownTopics(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		show := help.Run
		help.Run = nil
		help.RunE = func(cmd *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			switch {
			case err != nil || found == nil:
				return unknownTopic(root, args[0])
			case len(rest) > 0:
				return unknownTopic(found, rest[0])
			}
			show(cmd, args)
			return nil
		}
	}
}

// NoArgs is a [cobra.PositionalArgs] for commands without arguments.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return Usagef("%s takes no arguments%s (see %s --help)", strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "), But(args[0]), cmd.CommandPath())
}
