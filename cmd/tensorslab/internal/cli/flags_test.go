package cli

import (
	"testing"

	"github.com/spf13/pflag"
)

func TestCheckOneOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value   string
		allowed []string
		want    string
	}{
		{"json", []string{"text", "json"}, ""},
		{"JSON", []string{"text", "json"}, `--f must be text or json, but got "JSON"; did you mean json?`},
		{"xml", []string{"text", "json"}, `--f must be text or json, but got "xml"`},
		{"txt", []string{"text", "csv", "jsonl"}, `--f must be one of text, csv, jsonl, but got "txt"; did you mean text?`},
		{"tl-secret-0123456789abcdef", []string{"text", "csv", "jsonl"}, "--f must be one of text, csv, jsonl"},
		{"", []string{"text", "json"}, "--f must be text or json"},
	} {
		err := CheckOneOf("f", tt.value, tt.allowed...)
		if tt.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if StatusOf(err) != Usage {
			t.Errorf("status %d", StatusOf(err))
		}
		wantText(t, "error", err.Error(), tt.want)
	}
}

func TestCheckRange(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: `--f must be between 1 and 3, but got "0"`, 1: "", 3: "", 4: `--f must be between 1 and 3, but got "4"`, -1: `--f must be between 1 and 3, but got "-1"`} {
		got := ""
		if err := CheckRange("f", n, 1, 3); err != nil {
			got = err.Error()
		}
		wantText(t, "error", got, want)
	}
}

func TestCheckNotBlank(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "--out is empty; give a value or leave it out", " \t": "--out is empty; give a value or leave it out", "a": ""} {
		fs := pflag.NewFlagSet("", pflag.ContinueOnError)
		fs.String("out", "", "")
		fs.String("left-out", "", "")
		if err := fs.Set("out", value); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := CheckNotBlank(fs); err != nil {
			got = err.Error()
		}
		wantText(t, "error", got, want)
	}
}

func TestCheckStdin(t *testing.T) {
	t.Parallel()
	for _, users := range [][]string{nil, {"--file -"}} {
		if err := CheckStdin(users...); err != nil {
			t.Error(err)
		}
	}
	err := CheckStdin("--file -", "--source -", "PROMPT -")
	if StatusOf(err) != Usage {
		t.Errorf("status %d", StatusOf(err))
	}
	wantText(t, "error", err.Error(), "--file - and --source - both read standard input, which only one can; use a file for the other; nothing was sent")
}
