package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

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
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		reason = unknownFlag(cmd, unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		reason = unknownShorthand(cmd, unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames())
	case errors.As(err, &bare):
		reason = "--" + bare.GetFlag().Name + " requires a value"
	case errors.As(err, &invalid):
		reason = invalidValue(invalid.GetFlag(), invalid.GetValue())
	}
	return Usagef("%s (see %s --help)", reason, cmd.CommandPath())
}

func unknownFlag(cmd *cobra.Command, name string) string {
	if Shown(name) == "" {
		return "unknown flag; names of flags begin with two dashes"
	}
	return "unknown flag --" + name + flagAdvice(cmd, name)
}

// unknownShorthand names a flag of one letter, which cannot be a key. What follows it may
// be one.
func unknownShorthand(cmd *cobra.Command, name, letters string) string {
	word, _, _ := strings.Cut(letters, "=")
	switch {
	case len(name) != 1 || Shown(name) == "" && numberPattern.MatchString(name):
		return "unknown flag; names of flags begin with two dashes"
	case letters == name:
		return "unknown flag -" + name + flagAdvice(cmd, name)
	case cmd.Flags().Lookup(word) != nil:
		return "unknown flag -" + name + "; did you mean --" + word + "?"
	}
	return "unknown flag -" + name + "; names of more than one letter begin with two dashes"
}

// flagAdvice returns what to type instead of a flag that cmd does not have.
func flagAdvice(cmd *cobra.Command, name string) string {
	for _, other := range otherFlags[name] {
		if flag, _, _ := strings.Cut(other, " "); cmd.Flags().Lookup(flag) != nil {
			return "; did you mean --" + other + "?"
		}
	}
	switch {
	case flagHints[cmd.Name()+" "+name] != "":
		return "; " + flagHints[cmd.Name()+" "+name]
	case isFlagBelow(cmd, name):
		return "; flags go after the command"
	case promptFlags[name] && strings.HasPrefix(cmd.Use, "generate "):
		return fmt.Sprintf("; the prompt is an argument: %s \"a fox in the snow\"", cmd.CommandPath())
	case len(name) == 1:
		return ""
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	slices.Sort(names)
	if near := Nearest(name, names); near != "" {
		return "; did you mean --" + near + "?"
	}
	return ""
}

// isFlagBelow reports whether a command below cmd has the flag, or what stands for it.
func isFlagBelow(cmd *cobra.Command, name string) bool {
	return slices.ContainsFunc(descendants(cmd), func(below *cobra.Command) bool {
		isShort := len(name) == 1 && below.Flags().ShorthandLookup(name) != nil
		return isShort || below.Flags().Lookup(name) != nil || slices.ContainsFunc(otherFlags[name], func(other string) bool {
			flag, _, _ := strings.Cut(other, " ")
			return below.Flags().Lookup(flag) != nil
		})
	})
}

// flagHints say what to do instead of a flag, by the command and the flag, where that is no
// other flag.
var flagHints = map[string]string{
	"info watch": "tensorslab images wait waits for tasks", "info follow": "tensorslab images wait waits for tasks", "info wait": "tensorslab images wait waits for tasks",
	"download O":      "--out DIR says where images go; their names are made from the ids",
	"fake port":       "write --addr 127.0.0.1:PORT",
	"fake p":          "write --addr 127.0.0.1:PORT",
	"list limit":      "it lists all tasks, the oldest first; --since 1d lists the latest, and tail -n 5 takes the last ones",
	"list n":          "it lists all tasks, the oldest first; --since 1d lists the latest, and tail -n 5 takes the last ones",
	"list all":        "it lists all tasks unless --state, --since or another flag chooses",
	"list a":          "it lists all tasks unless --state, --since or another flag chooses",
	"resolve created": "name the task: resolve KEY TASKID",
}

var promptFlags = map[string]bool{"prompt": true, "p": true, "text": true}

// otherFlags are the flags that other tools have for ours. The first one counts that the
// command has.
var otherFlags = map[string][]string{
	"json": {"output json"}, "jsonl": {"output json"}, "format": {"output"},
	"n": {"batch", "dry-run"}, "num": {"batch"}, "number": {"batch"}, "num-images": {"batch"}, "count": {"batch"}, "images": {"batch"}, "batchsize": {"batch", "batch-size"},
	"limit": {"max-tasks"}, "max": {"max-tasks"},
	"m": {"model"}, "size": {"resolution"}, "r": {"resolution"}, "ratio": {"resolution"}, "aspect-ratio": {"resolution"}, "quality": {"resolution"}, "dimensions": {"resolution"},
	"d": {"out"}, "dir": {"out"}, "directory": {"out"}, "folder": {"out"}, "output-dir": {"out"}, "output-file": {"out"}, "outfile": {"out"}, "save": {"out"}, "dest": {"out"},
	"i": {"source"}, "image": {"source"}, "input": {"source", "file"}, "reference": {"source"}, "source-image": {"source"}, "url": {"image-url", "base-url"},
	"j": {"parallel", "concurrency"}, "jobs": {"parallel", "concurrency"}, "workers": {"parallel", "concurrency"}, "concurrency": {"parallel"}, "parallel": {"concurrency"},
	"filename": {"name", "file"}, "template": {"name"}, "ids": {"file"}, "from-file": {"file"}, "prompts": {"file"},
	"a": {"from-journal"}, "all": {"from-journal"}, "status": {"state"}, "filter": {"state"}, "before": {"older-than"}, "after": {"since"},
	"force": {"yes"}, "no-confirm": {"yes"}, "assume-yes": {"yes"}, "dryrun": {"dry-run"},
	"endpoint": {"base-url"}, "endpoint-url": {"base-url"}, "host": {"base-url"}, "server": {"base-url"}, "api-url": {"base-url"},
	"debug": {"verbose"}, "trace": {"verbose"}, "silent": {"quiet"}, "s": {"quiet"}, "ids-only": {"quiet"},
	"retry": {"retries"}, "max-retries": {"retries"}, "key-file": {"api-key-file"}, "with-token": {"with-key"}, "show": {"open"}, "view": {"open"},
}

// invalidValue names a value that is of the wrong kind, and the one that was meant if that
// is certain.
func invalidValue(f *pflag.Flag, value string) string {
	text := fmt.Sprintf("--%s must be %s%s", f.Name, kindOf(f.Value.Type()), But(value))
	if f.Value.Type() == "duration" && onlyDigits(value) {
		text += "; did you mean " + value + "s?"
	}
	return text
}

func onlyDigits(value string) bool {
	return len(value) > 0 && len(value) < 7 && strings.Trim(value, "0123456789") == ""
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
