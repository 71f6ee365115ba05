package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Errors about the command line show no value from it: a key may have been put
// there by mistake.

// group is a command that only has sub-commands.
func group(name, short string) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: short,
		Args:  cobra.ArbitraryArgs,

		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			hint := ""
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = "; did you mean " + near[0] + "?"
			}
			return usagef("there is no such command below %s%s (see %[1]s --help)", cmd.CommandPath(), hint)
		},
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments (see %[1]s --help)", cmd.CommandPath())
	}
	return nil
}

var flagName = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	reason := "a flag is malformed; write --name=value or --name value"
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown) && isKeyFlag(unknown.GetSpecifiedName()):
		reason = "a key is never an argument, which other users of the machine could see; set TENSORSLAB_API_KEY or give --api-key-file"
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" && flagName.MatchString(unknown.GetSpecifiedName()):
		reason = "unknown flag --" + unknown.GetSpecifiedName()
	case errors.As(err, &unknown):
		reason = "unknown flag; the names of flags begin with two dashes"
	case errors.As(err, &bare):
		reason = "--" + bare.GetFlag().Name + " needs a value"
	case errors.As(err, &invalid):
		reason = fmt.Sprintf("--%s wants %s", invalid.GetFlag().Name, wanted(invalid.GetFlag().Value.Type()))
	}
	return usagef("%s (see %s --help)", reason, cmd.CommandPath())
}

func isKeyFlag(name string) bool {
	return slices.Contains([]string{"apikey", "key", "token"}, strings.ReplaceAll(name, "api-key", "apikey"))
}

func wanted(flagType string) string {
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
