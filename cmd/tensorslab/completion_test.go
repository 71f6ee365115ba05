package main

import (
	"strings"
	"testing"
)

func TestCompletionOfFlags(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"text\njson\n:4\n": {"images", "delete", "--output", ""},
		":4\n":             {"images", "delete", "a"},
	} {
		got := session{t: t}.run(append([]string{"__complete"}, args...)...)
		wantStatus(t, got, statusOK)
		wantText(t, "completions", got.out, want)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for shell, want := range map[string]string{
		"bash": "__start_tensorslab", "zsh": "#compdef tensorslab",
		"fish": "complete -c tensorslab", "powershell": "Register-ArgumentCompleter",
	} {
		got := session{t: t}.run("completion", shell)
		wantStatus(t, got, statusOK)
		if !strings.Contains(got.out, want) {
			t.Errorf("%s: no %q in the script", shell, want)
		}
	}
}
