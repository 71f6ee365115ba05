package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func unknownCommand(group *cobra.Command, word string) error {
	return unknown(group, word, adviceFor(group, word))
}

// unknownTopic is unknownCommand for a word after help, whose advice is about help as well.
func unknownTopic(group *cobra.Command, word string) error {
	const help = "did you mean \"tensorslab help "
	advice := strings.Replace(adviceFor(group, word), "did you mean \"tensorslab ", help, 1)
	return unknown(group, word, strings.Replace(advice, help+"help ", help, 1))
}

func unknown(group *cobra.Command, word, advice string) error {
	what, hint := "unknown command", ""
	if shown := Shown(word); shown != "" {
		what += " " + shown
	}
	if advice != "" {
		hint = "; " + advice
	}
	return Usagef("%s for %q%s (see %[2]s --help)", what, group.CommandPath(), hint)
}

// adviceFor returns what to type instead of word, or an empty string. What is certain comes
// before what is similar, and the commands of the group before those elsewhere, of which
// only the names count: the words of two groups have nothing to do with each other.
func adviceFor(group *cobra.Command, word string) string {
	if advice := group.Annotations[word]; advice != "" {
		return advice
	}
	if cmd := called(group, word); cmd != nil {
		return didYouMean(cmd)
	}
	all := descendants(group.Root())
	if cmd := byName(descendants(group), word); cmd != nil {
		return didYouMean(cmd)
	}
	if group == group.Root() {
		for _, cmd := range all {
			if advice := cmd.Annotations[word]; advice != "" {
				return advice
			}
			if isCalled(cmd, word) {
				return didYouMean(cmd)
			}
		}
	}
	for _, among := range [][]*cobra.Command{group.Commands(), descendants(group)} {
		if cmd := nearestCommand(among, word); cmd != nil {
			return didYouMean(cmd)
		}
	}
	if cmd := byName(all, word); cmd != nil {
		return didYouMean(cmd)
	}
	return ""
}

func byName(among []*cobra.Command, name string) *cobra.Command {
	for _, cmd := range among {
		if cmd.Name() == name {
			return cmd
		}
	}
	return nil
}

func didYouMean(cmd *cobra.Command) string {
	if cmd.IsAdditionalHelpTopicCommand() {
		return mean("help " + cmd.Name())
	}
	return fmt.Sprintf("did you mean %q?", cmd.CommandPath())
}

// called returns the subcommand that has word as one of its other names.
func called(group *cobra.Command, word string) *cobra.Command {
	for _, cmd := range group.Commands() {
		if isCalled(cmd, word) {
			return cmd
		}
	}
	return nil
}

func isCalled(cmd *cobra.Command, word string) bool {
	return cmd.Name() == word || cmd.HasAlias(word) || slices.Contains(cmd.SuggestFor, word)
}

// descendants returns the commands below cmd that a person may use, outer ones first.
func descendants(cmd *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, below := range cmd.Commands() {
		if !below.Hidden && below.Name() != "help" {
			all = append(all, below)
		}
	}
	for _, below := range slices.Clone(all) {
		all = append(all, descendants(below)...)
	}
	return all
}

func nearestCommand(among []*cobra.Command, word string) *cobra.Command {
	var names []string
	for _, cmd := range among {
		names = append(names, cmd.Name())
	}
	if i := slices.Index(names, Nearest(word, names)); i >= 0 {
		return among[i]
	}
	return nil
}

// Suggest gives each subcommand of group the words that other tools have for it.
func Suggest(group *cobra.Command, otherNames map[string][]string) {
	for _, cmd := range group.Commands() {
		cmd.SuggestFor = otherNames[cmd.Name()]
	}
}

// rootAdvice is what to do instead of a command that other tools have at their top, and
// that no command below has the name of.
var rootAdvice = map[string]string{
	"balance": noBalance, "credits": noBalance, "credit": noBalance, "billing": noBalance, "usage": noBalance, "quota": noBalance, "account": noBalance,
	"models": aboutModels, "model": aboutModels,
	"ls": mean("images list"), "ps": mean("images list"), "history": mean("images list"), "task": mean("images list"), "tasks": mean("images list"),
	"job": mean("images list"), "jobs": mean("images list"), "gallery": mean("images list"),
	"create": mean("images generate"), "run": mean("images generate"), "new": mean("images generate"), "make": mean("images generate"), "imagine": mean("images generate"),
	"get": mean("images info"), "show": mean("images info"), "describe": mean("images info"), "inspect": mean("images info"),
	"serve": mean("fake"), "server": mean("fake"), "mock": mean("fake"),
	"api": mean("spec"), "openapi": mean("spec"), "schema": mean("spec"),
	"config": mean("auth login") + ` "tensorslab help environment" lists the settings`,
	"env":    mean("help environment"), "exit-status": mean("help exit-codes"),
	"update": update, "upgrade": update, "self-update": update,
}

// ImagesAdvice is what to do instead of a command of the group images that other tools have.
var ImagesAdvice = map[string]string{"models": aboutModels, "model": aboutModels}

const (
	noBalance   = "the service has no operation for that; see " + Console
	aboutModels = `"tensorslab images generate --help" lists the models`
	update      = "install a newer version in the way in which you installed this one"
)

func mean(command string) string { return fmt.Sprintf("did you mean %q?", "tensorslab "+command) }

// Console is where people see their credits and their tasks, and buy credits.
const Console = "https://tensorai.tensorslab.com/"

// AddCredits is what to do when there are not enough credits.
const AddCredits = "add some at " + Console

// isKeyFlag reports whether a flag that does not exist was to be followed by a key.
func isKeyFlag(flag string) bool {
	return slices.Contains([]string{"apikey", "key", "token"}, strings.ReplaceAll(flag, "api-key", "apikey"))
}
