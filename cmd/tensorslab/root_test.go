package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	const atDelete = " (see tensorslab images delete --help)"
	tests := map[string]struct {
		args []string
		want string
	}{
		"unknown command":           {[]string{"image"}, `unknown command "image" for "tensorslab"; did you mean "tensorslab images"? (see tensorslab --help)`},
		"nothing like a command":    {[]string{"xyzzy"}, `unknown command "xyzzy" for "tensorslab" (see tensorslab --help)`},
		"unknown sub-command":       {[]string{"images", "delte"}, `unknown command "delte" for "tensorslab images"; did you mean "tensorslab images delete"? (see tensorslab images --help)`},
		"generate, at root":         {[]string{"generate", "a fox"}, `unknown command "generate" for "tensorslab"; did you mean "tensorslab images generate"? (see tensorslab --help)`},
		"info, at root":             {[]string{"info"}, `unknown command "info" for "tensorslab"; did you mean "tensorslab images info"? (see tensorslab --help)`},
		"wait, at root":             {[]string{"wait"}, `unknown command "wait" for "tensorslab"; did you mean "tensorslab images wait"? (see tensorslab --help)`},
		"download, at root":         {[]string{"download"}, `unknown command "download" for "tensorslab"; did you mean "tensorslab images download"? (see tensorslab --help)`},
		"delete, at root":           {[]string{"delete"}, `unknown command "delete" for "tensorslab"; did you mean "tensorslab images delete"? (see tensorslab --help)`},
		"list, at root":             {[]string{"list"}, `unknown command "list" for "tensorslab"; did you mean "tensorslab images list"? (see tensorslab --help)`},
		"login, at root":            {[]string{"login"}, `unknown command "login" for "tensorslab"; did you mean "tensorslab auth login"? (see tensorslab --help)`},
		"logout, at root":           {[]string{"logout"}, `unknown command "logout" for "tensorslab"; did you mean "tensorslab auth logout"? (see tensorslab --help)`},
		"configure, at root":        {[]string{"configure"}, `unknown command "configure" for "tensorslab"; did you mean "tensorslab auth login"? (see tensorslab --help)`},
		"config, at root":           {[]string{"config"}, `unknown command "config" for "tensorslab"; did you mean "tensorslab auth login"? "tensorslab help environment" lists the settings (see tensorslab --help)`},
		"whoami, at root":           {[]string{"whoami"}, `unknown command "whoami" for "tensorslab"; did you mean "tensorslab auth status"? (see tensorslab --help)`},
		"auth whoami":               {[]string{"auth", "whoami"}, `unknown command "whoami" for "tensorslab auth"; did you mean "tensorslab auth status"? (see tensorslab auth --help)`},
		"auth of a key":             {[]string{"auth", clitest.Key}, `unknown command for "tensorslab auth" (see tensorslab auth --help)`},
		"argument of auth login":    {[]string{"auth", "login", clitest.Key}, "auth login takes no arguments (see tensorslab auth login --help)"},
		"images history":            {[]string{"images", "history"}, `unknown command "history" for "tensorslab images"; did you mean "tensorslab images list"? (see tensorslab images --help)`},
		"images get":                {[]string{"images", "get"}, `unknown command "get" for "tensorslab images"; did you mean "tensorslab images info"? (see tensorslab images --help)`},
		"images rm":                 {[]string{"images", "rm"}, `unknown command "rm" for "tensorslab images"; did you mean "tensorslab images delete"? (see tensorslab images --help)`},
		"images del":                {[]string{"images", "del"}, `unknown command "del" for "tensorslab images"; did you mean "tensorslab images delete"? (see tensorslab images --help)`},
		"images create":             {[]string{"images", "create"}, `unknown command "create" for "tensorslab images"; did you mean "tensorslab images generate"? (see tensorslab images --help)`},
		"help nonsense":             {[]string{"help", "nonsense"}, `unknown command "nonsense" for "tensorslab" (see tensorslab --help)`},
		"help images nonsense":      {[]string{"help", "images", "nonsense"}, `unknown command "nonsense" for "tensorslab images" (see tensorslab images --help)`},
		"help of a key":             {[]string{"help", clitest.Key}, `unknown command for "tensorslab" (see tensorslab --help)`},
		"a word like a key":         {[]string{"images", clitest.Key}, `unknown command for "tensorslab images" (see tensorslab images --help)`},
		"a long word":               {[]string{strings.Repeat("a", 40)}, `unknown command for "tensorslab" (see tensorslab --help)`},
		"unknown flag":              {[]string{"images", "delete", "--force"}, "unknown flag --force; did you mean --yes?" + atDelete},
		"unknown flag, value":       {[]string{"images", "delete", "--forced=" + clitest.Key}, "unknown flag --forced" + atDelete},
		"unknown flag, at root":     {[]string{"--force"}, "unknown flag --force; flags go after the command (see tensorslab --help)"},
		"flag like a key":           {[]string{"images", "delete", "--" + clitest.Key}, "unknown flag; names of flags begin with two dashes" + atDelete},
		"unknown short flag, value": {[]string{"images", "generate", "a fox", "-n", "2"}, "unknown flag -n; did you mean --batch? (see tensorslab images generate --help)"},
		"unknown short flag":        {[]string{"images", "delete", "-k" + clitest.Key}, "unknown flag -k; names of more than one letter begin with two dashes" + atDelete},
		"one dash":                  {[]string{"images", "delete", "-uid", "u"}, "unknown flag -u; did you mean --uid?" + atDelete},
		"no name":                   {[]string{"images", "delete", "--=" + clitest.Key}, "malformed flag; write --name=value or --name value" + atDelete},
		"no value":                  {[]string{"images", "delete", "--uid"}, "--uid requires a value" + atDelete},
		"not a number":              {[]string{"images", "delete", "--batch-size", clitest.Key}, "--batch-size must be a whole number" + atDelete},
		"not a duration":            {[]string{"images", "delete", "--timeout", "30"}, "--timeout must be a duration, such as 30s or 2m, but got \"30\"; did you mean 30s?" + atDelete},
		"not a truth value":         {[]string{"images", "delete", "--yes=" + clitest.Key}, "--yes must be true or false" + atDelete},
		"argument of spec":          {[]string{"spec", clitest.Key}, "spec takes no arguments (see tensorslab spec --help)"},
		"argument of version":       {[]string{"version", "x"}, "version takes no arguments, but got \"x\" (see tensorslab version --help)"},
		"argument of fake":          {[]string{"fake", "x"}, "fake takes no arguments, but got \"x\" (see tensorslab fake --help)"},
		"argument of demo":          {[]string{"demo", "x"}, "demo takes no arguments, but got \"x\" (see tensorslab demo --help)"},
		"completion of no shell":    {[]string{"completion"}, "completion takes one argument: bash, zsh, fish or powershell (see tensorslab completion --help)"},
		"completion of tcsh":        {[]string{"completion", "tcsh"}, "completion takes one argument: bash, zsh, fish or powershell, but got \"tcsh\" (see tensorslab completion --help)"},
		"completion of two shells":  {[]string{"completion", "bash", "zsh"}, "completion takes one argument: bash, zsh, fish or powershell (see tensorslab completion --help)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := clitest.Session{T: t, Root: newRoot}.Run(tt.args...)
			want := tt.want
			if strings.HasSuffix(want, "images delete --help)") || strings.HasSuffix(want, "images generate --help)") { // which cost something
				want += "; nothing was sent"
			}
			clitest.WantError(t, got, cli.Usage, want)
			clitest.WantText(t, "stdout", got.Out, "")
		})
	}
}

// A key on the command line is refused in every place, and not printed.
func TestKeyAsArgument(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"images", "delete", "--api-key", clitest.Key, "a"},
		{"images", "delete", "--api-key=" + clitest.Key, "a"},
		{"images", "delete", "a", "--apikey", clitest.Key},
		{"images", "--api-key", clitest.Key, "delete", "a"},
		{"--api-key", clitest.Key, "images", "delete", "a"},
		{"--key=" + clitest.Key, "images", "delete", "a"},
		{"--token", clitest.Key},
	} {
		got := clitest.Session{T: t, Root: newRoot}.Run(args...)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.Contains(got.Err, "an API key must not be an argument") {
			t.Errorf("%d arguments: stderr %q", len(args), got.Err)
		}
	}
	for _, args := range [][]string{
		{"-api-key", clitest.Key, "images", "delete", "a"},
		{clitest.Key},
		{"images", clitest.Key},
		{"-k", clitest.Key, "images"},
	} {
		clitest.WantStatus(t, clitest.Session{T: t, Root: newRoot}.Run(args...), cli.Usage)
	}
}

// A key that is typed in place of a file name is not printed if it is the one in use.
func TestKeyAsFileName(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"images", "delete", "--file", clitest.Key},
		{"images", "info", "a", "--api-key-file", clitest.Key},
		{"images", "delete", "a", "--remaining", clitest.Key + "/left.txt"},
		{"images", "generate", "a fox", "--source", clitest.Key},
		{"images", "delete", "--api-key-file=" + clitest.Key, "a"},
	} {
		s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_API_KEY": clitest.Key}}
		got := s.Run(args...) // which fails the test if it prints the key
		clitest.WantStatus(t, got, cli.Usage)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		nil, {"--help"}, {"help"}, {"help", "images"}, {"help", "images", "delete"}, {"help", "help"}, {"images"}, {"images", "--help"}, {"images", "delete", "-h"},
		{"images", "list", "-h"}, {"images", "resolve", "-h"}, {"images", "resubmit", "-h"}, {"images", "info", "-h"}, {"images", "wait", "-h"}, {"images", "download", "-h"},
		{"auth"}, {"auth", "login", "-h"}, {"auth", "status", "-h"}, {"auth", "logout", "-h"},
		{"fake", "--help"}, {"mcp", "--help"}, {"demo", "--help"}, {"spec", "-h"}, {"version", "-h"}, {"completion", "-h"},
	} {
		s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_API_KEY": clitest.Key, "TENSORSLAB_BASE_URL": "https://" + clitest.Key + "@h"}}
		got := s.Run(args...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, "stderr", got.Err, "")
		if !strings.Contains(got.Out, "Usage:\n  tensorslab") {
			t.Errorf("%q: stdout\n%s", args, got.Out)
		}
		for line := range strings.Lines(got.Out) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 110 {
				t.Errorf("%q: a line of %d characters: %s", args, n, line)
			}
		}
	}
}

func TestCompletionOfFlags(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"text\njson\n:4\n": {"images", "delete", "--output", ""},
		":4\n":             {"images", "delete", "a"},
	} {
		got := clitest.Session{T: t, Root: newRoot}.Run(append([]string{"__complete"}, args...)...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, "completions", got.Out, want)
	}
}

// Help that could not be written is no success, as with what any other command prints.
func TestHelpIsNotWritten(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "help", "--help", "--version", "help environment", "help exit-codes", "images", "images --help", "images generate --help", "help images delete",
		"version", "spec", "completion bash",
	} {
		s := clitest.Session{T: t, Root: newRoot, Stdout: clitest.FailingWriter{Err: errors.New("no space left on device")}}
		got := s.Run(strings.Fields(line)...)
		clitest.WantStatus(t, got, cli.Failed)
		if !strings.HasSuffix(got.Err, "no space left on device\n") || strings.Count(got.Err, "tensorslab: ") != 1 {
			t.Errorf("%q: stderr %q", line, got.Err)
		}
	}
}

// The texts of help are wrapped, for terminals of 90 columns.
func TestHelpIsWrapped(t *testing.T) {
	t.Parallel()
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Long) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 90 {
				t.Errorf("%s: a line of %d characters: %s", cmd.CommandPath(), n, line)
			}
		}
		for _, below := range cmd.Commands() {
			check(below)
		}
	}
	check(newRoot(cli.Env{}))
}
