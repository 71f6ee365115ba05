package journal

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Each service has a default journal of its own, however its address is spelt.
func TestDefaultJournalOfAService(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"":                                 "tasks.jsonl",
		" ":                                "tasks.jsonl",
		wrapper.DefaultBaseURL + "/":       "tasks.jsonl",
		"https://API.tensorslab.com:443":   "tasks.jsonl",
		"http://127.0.0.1:8787":            "tasks-127.0.0.1-8787.jsonl",
		" http://127.0.0.1:8787/ ":         "tasks-127.0.0.1-8787.jsonl",
		"http://LocalHost:80":              "tasks-localhost.jsonl",
		"http://[::1]:8787":                "tasks----1--8787.jsonl",
		"https://api.example.com/v2":       "tasks-api.example.com-v2.jsonl",
		"https://me:secret@example.com":    "tasks-example.com.jsonl",
		"https://example.com/a/../../../b": "tasks-example.com-a-..-..-..-b.jsonl",
	} {
		dir := t.TempDir()
		e := cli.Env{Getenv: func(name string) string {
			return map[string]string{"XDG_STATE_HOME": dir, wrapper.EnvBaseURL: base}[name]
		}}
		got, err := new(Flags).Path(e)
		if want = filepath.Join(dir, "tensorslab", want); got != want || err != nil {
			t.Errorf("%q: %s, %v, want %s", base, got, err, want)
		}
	}
	if name := nameFor("https://example.com/" + strings.Repeat("a", 1000)); len(name) > 200 {
		t.Errorf("a name of %d bytes", len(name))
	}
}

// The flag overrides the environment, and is repeated in hints.
func TestDefaultJournalOfTheFlag(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := cli.Env{Getenv: func(name string) string {
		return map[string]string{"XDG_STATE_HOME": dir, wrapper.EnvBaseURL: "http://127.0.0.1:1"}[name]
	}}
	var f Flags
	cmd := &cobra.Command{}
	f.Register(cmd, true)
	cmd.Flags().String("base-url", "", "")
	if err := cmd.ParseFlags([]string{"--base-url", "http://127.0.0.1:2"}); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Path(e); err != nil || filepath.Base(got) != "tasks-127.0.0.1-2.jsonl" {
		t.Errorf("%s, %v", got, err)
	}
	if got, want := f.Command("list"), "tensorslab images list --base-url http://127.0.0.1:2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
