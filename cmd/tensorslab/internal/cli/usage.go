package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Errors about the command line repeat no word from it that does not look like the name
// of a command or a flag: a key may have been typed there by mistake.
var namePattern = regexp.MustCompile(`^[a-z]{1,20}(-[a-z]{1,20}){0,3}$`)

var shorthandPattern = regexp.MustCompile(`^[A-Za-z0-9]$`)

// NewRoot returns the command tensorslab with its subcommands.
func NewRoot(version string, subcommands ...*cobra.Command) *cobra.Command {
	root := NewGroup("tensorslab", "Generate images with TensorsLab's Images Service, and delete them", subcommands...)
	root.Version = version
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	refuseUnknownTopics(root)
	return root
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

func unknownCommand(group *cobra.Command, word string) error {
	what, hint := "unknown command", ""
	if namePattern.MatchString(word) {
		what += fmt.Sprintf(" %q", word)
	}
	if advice := adviceFor(group, word); advice != "" {
		hint = "; " + advice
	}
	return Usagef("%s for %q%s (see %[2]s --help)", what, group.CommandPath(), hint)
}

// adviceFor returns what to type instead of word, or an empty string. A subcommand of
// another group is found only by its name, because the words of two groups have nothing
// to do with each other.
func adviceFor(group *cobra.Command, word string) string {
	if advice := group.Annotations[word]; advice != "" {
		return advice
	}
	if near := group.SuggestionsFor(word); len(near) > 0 {
		return "did you mean " + near[0] + "?"
	}
	for _, below := range group.Commands() {
		if advice := below.Annotations[word]; advice != "" {
			return advice
		}
		for _, cmd := range below.Commands() {
			if cmd.Name() == word {
				return fmt.Sprintf("did you mean %q?", cmd.CommandPath())
			}
		}
	}
	return ""
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
				return unknownCommand(root, args[0])
			case len(rest) > 0:
				return unknownCommand(found, rest[0])
			}
			show(cmd, args)
			return nil
		}
	}
}

// NoArgs is a [cobra.PositionalArgs] for commands without arguments.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usagef("%s takes no arguments (see %[1]s --help)", cmd.CommandPath())
	}
	return nil
}

func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	reason := "malformed flag; write --name=value or --name value"
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown) && isKeyFlag(unknown.GetSpecifiedName()):
		reason = "an API key must not be an argument, because other users of the machine could read it; run \"tensorslab auth login\", set TENSORSLAB_API_KEY, or use --api-key-file"
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" && namePattern.MatchString(unknown.GetSpecifiedName()):
		reason = "unknown flag --" + unknown.GetSpecifiedName()
	case errors.As(err, &unknown):
		reason = unknownShorthand(unknown)
	case errors.As(err, &bare):
		reason = "--" + bare.GetFlag().Name + " requires a value"
	case errors.As(err, &invalid):
		reason = fmt.Sprintf("--%s must be %s", invalid.GetFlag().Name, kindOf(invalid.GetFlag().Value.Type()))
	}
	return Usagef("%s (see %s --help)", reason, cmd.CommandPath())
}

// unknownShorthand names a flag of one letter, which cannot be a key. What follows it may
// be one.
func unknownShorthand(unknown *pflag.NotExistError) string {
	name, letters := unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()
	switch {
	case letters == "" || !shorthandPattern.MatchString(name):
		return "unknown flag; names of flags begin with two dashes"
	case letters == name:
		return "unknown flag -" + name
	}
	return "unknown flag -" + name + "; names of more than one letter begin with two dashes"
}

func isKeyFlag(flag string) bool {
	return slices.Contains([]string{"apikey", "key", "token"}, strings.ReplaceAll(flag, "api-key", "apikey"))
}

func kindOf(flagType string) string {
	switch flagType {
	case "int":
		return "a whole number"
	case "duration":
		return "a duration, such as 30s or 2m"
	case "bool":
		return "true or false"
	}
	return "another value"
}
