package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// CheckNotBlank returns a usage error for a flag with a blank value, which usually comes
// from an unset variable of a script.
func CheckNotBlank(fs *pflag.FlagSet) (err error) {
	fs.Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == "" && err == nil {
			err = Usagef("--%s is empty; give a value or leave it out", f.Name)
		}
	})
	return err
}

// CheckRange returns a usage error unless n is between least and most.
func CheckRange(flag string, n, least, most int) error {
	if n < least || n > most {
		return Usagef("--%s must be between %d and %d%s", flag, least, most, But(strconv.Itoa(n)))
	}
	return nil
}

// CompleteWords makes shell completion offer words for a flag of cmd.
func CompleteWords(cmd *cobra.Command, flag string, words ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// CheckOneOf returns a usage error unless value is one of allowed. It names the one that
// was probably meant.
func CheckOneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	if len(allowed) == 2 {
		return NotOneOf(flag, value, strings.Join(allowed, " or "), allowed)
	}
	return NotOneOf(flag, value, "one of "+strings.Join(allowed, ", "), allowed)
}

// NotOneOf returns the usage error for a value that is none of allowed, which rule says in
// words.
func NotOneOf(flag, value, rule string, allowed []string) error {
	text := "--" + flag + " must be " + rule + But(value)
	if near := Nearest(value, allowed); near != "" {
		text += "; did you mean " + near + "?"
	}
	return Usagef("%s", text)
}
