package images

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/prompts"
)

// maxParallel is far above what any plan allows.
const maxParallel = 64

// check returns a usage error for flags that cannot be meant. The library checks what a
// model allows.
func (f *generateFlags) check(fs *pflag.FlagSet) error {
	if err := cli.FirstError(f.Check(fs), f.checkWait(), f.journal.Check(f.Demo), cli.CheckOneOf("model", f.model, modelNames...)); err != nil {
		return err
	}
	switch {
	case f.batch < 1:
		return cli.Usagef("--batch must be above 0")
	case f.file != "":
		return f.checkMany()
	}
	return cli.FirstError(f.checkModel(), f.checkUse())
}

// checkModel returns a usage error for flags that the model has no field for.
func (f *generateFlags) checkModel() error {
	without, have := []string{"seed", "extend-prompt"}, modelZImage+" has"
	if f.model == modelZImage {
		without = []string{"batch", "source", "image-url"}
		have = strings.Join(slices.DeleteFunc(slices.Clone(modelNames), func(name string) bool { return name == modelZImage }), ", ") + " have"
	}
	for _, flag := range without {
		if f.isSet(flag) {
			return cli.Usagef("--%s does not apply to --model %s; %s it", flag, f.model, have)
		}
	}
	return nil
}

// checkUse returns a usage error for flags that would have no effect on one prompt.
func (f *generateFlags) checkUse() error {
	for _, flag := range []string{"format", "parallel", "max-tasks", "name"} {
		if f.isSet(flag) {
			return cli.Usagef("--%s requires --file", flag)
		}
	}
	for _, flag := range []string{"force", "open", "allow-private"} {
		if f.isSet(flag) && f.out == "" {
			return cli.Usagef("--%s requires --out", flag)
		}
	}
	if f.isSet("wait-timeout") && !f.wait && f.out == "" {
		return cli.Usagef("--wait-timeout requires --wait or --out")
	}
	return nil
}

// checkMany returns a usage error for flags that cannot be meant for many prompts.
func (f *generateFlags) checkMany() error {
	for _, flag := range []string{"force", "open", "wait-timeout"} {
		if f.isSet(flag) {
			return cli.Usagef("--%s does not apply to --file", flag)
		}
	}
	for _, flag := range []string{"name", "allow-private"} {
		if f.isSet(flag) && f.out == "" {
			return cli.Usagef("--%s requires --out", flag)
		}
	}
	if f.isSet("format") {
		if err := cli.CheckOneOf("format", f.format, prompts.Formats...); err != nil {
			return err
		}
	}
	if f.isSet("max-tasks") && f.maxTasks < 1 {
		return cli.Usagef("--max-tasks must be above 0; leave it out for no limit, or use --dry-run to submit nothing")
	}
	return cli.CheckRange("parallel", f.parallel, 1, maxParallel)
}

// stdinUsers returns what is to be read from standard input.
func (f *generateFlags) stdinUsers(args []string) (users []string) {
	if len(args) > 0 && args[0] == "-" {
		users = append(users, "PROMPT -")
	}
	if f.file == "-" {
		users = append(users, "--file -")
	}
	for _, name := range f.sources {
		if name == "-" {
			users = append(users, "--source -")
		}
	}
	return append(users, f.StdinUsers()...)
}
