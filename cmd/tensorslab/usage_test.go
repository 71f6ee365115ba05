package main

import (
	"strings"
	"testing"
)

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	const atDelete = " (see tensorslab images delete --help)"
	tests := map[string]struct {
		args []string
		want string
	}{
		"unknown command":          {[]string{"image"}, "there is no such command below tensorslab; did you mean images? (see tensorslab --help)"},
		"nothing like a command":   {[]string{"xyzzy"}, "there is no such command below tensorslab (see tensorslab --help)"},
		"unknown sub-command":      {[]string{"images", "delte"}, "there is no such command below tensorslab images; did you mean delete? (see tensorslab images --help)"},
		"unknown flag":             {[]string{"images", "delete", "--force"}, "unknown flag --force" + atDelete},
		"unknown flag, value":      {[]string{"images", "delete", "--forced=" + testKey}, "unknown flag --forced" + atDelete},
		"unknown flag, at root":    {[]string{"--force"}, "unknown flag --force (see tensorslab --help)"},
		"flag like a key":          {[]string{"images", "delete", "--" + testKey}, "unknown flag; the names of flags begin with two dashes" + atDelete},
		"unknown short flag":       {[]string{"images", "delete", "-k" + testKey}, "unknown flag; the names of flags begin with two dashes" + atDelete},
		"one dash":                 {[]string{"images", "delete", "-uid", "u"}, "unknown flag; the names of flags begin with two dashes" + atDelete},
		"no name":                  {[]string{"images", "delete", "--=" + testKey}, "a flag is malformed; write --name=value or --name value" + atDelete},
		"no value":                 {[]string{"images", "delete", "--uid"}, "--uid needs a value" + atDelete},
		"not a number":             {[]string{"images", "delete", "--batch-size", testKey}, "--batch-size wants a whole number" + atDelete},
		"not a duration":           {[]string{"images", "delete", "--timeout", "30"}, "--timeout wants a duration, such as 30s or 2m" + atDelete},
		"not a truth value":        {[]string{"images", "delete", "--yes=" + testKey}, "--yes wants true or false" + atDelete},
		"argument of spec":         {[]string{"spec", testKey}, "tensorslab spec takes no arguments (see tensorslab spec --help)"},
		"argument of version":      {[]string{"version", "x"}, "tensorslab version takes no arguments (see tensorslab version --help)"},
		"argument of fake":         {[]string{"fake", "x"}, "tensorslab fake takes no arguments (see tensorslab fake --help)"},
		"argument of demo":         {[]string{"demo", "x"}, "tensorslab demo takes no arguments (see tensorslab demo --help)"},
		"completion of no shell":   {[]string{"completion"}, "completion wants one of bash, zsh, fish, powershell"},
		"completion of tcsh":       {[]string{"completion", "tcsh"}, "completion wants one of bash, zsh, fish, powershell"},
		"completion of two shells": {[]string{"completion", "bash", "zsh"}, "completion wants one of bash, zsh, fish, powershell"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := session{t: t}.run(tt.args...)
			wantError(t, got, statusUsage, tt.want)
			wantText(t, "stdout", got.out, "")
		})
	}
}

// A key on the command line is refused wherever it stands, and not repeated.
func TestKeyAsArgument(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"images", "delete", "--api-key", testKey, "a"},
		{"images", "delete", "--api-key=" + testKey, "a"},
		{"images", "delete", "a", "--apikey", testKey},
		{"images", "--api-key", testKey, "delete", "a"},
		{"--api-key", testKey, "images", "delete", "a"},
		{"--key=" + testKey, "images", "delete", "a"},
		{"--token", testKey},
	} {
		got := session{t: t}.run(args...)
		wantStatus(t, got, statusUsage)
		if !strings.Contains(got.err, "a key is never an argument") {
			t.Errorf("%d arguments: stderr %q", len(args), got.err)
		}
	}
	for _, args := range [][]string{
		{"-api-key", testKey, "images", "delete", "a"},
		{testKey},
		{"images", testKey},
		{"-k", testKey, "images"},
	} {
		wantStatus(t, session{t: t}.run(args...), statusUsage)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		nil, {"--help"}, {"help"}, {"images"}, {"images", "--help"}, {"images", "delete", "-h"},
		{"fake", "--help"}, {"demo", "--help"}, {"spec", "-h"}, {"version", "-h"}, {"completion", "-h"},
	} {
		s := session{t: t, env: map[string]string{"TENSORSLAB_API_KEY": testKey, "TENSORSLAB_BASE_URL": "https://" + testKey + "@h"}}
		got := s.run(args...)
		wantStatus(t, got, statusOK)
		wantText(t, "stderr", got.err, "")
		if !strings.Contains(got.out, "Usage:\n  tensorslab") {
			t.Errorf("%q: stdout\n%s", args, got.out)
		}
		for line := range strings.Lines(got.out) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 110 {
				t.Errorf("%q: a line of %d characters: %s", args, n, line)
			}
		}
	}
}
