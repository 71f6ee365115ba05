//go:build !windows

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Three commands in a pipe, which all use the journal at once, make a file of a prompt.
func TestPipeline(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 1}))
	dir := t.TempDir()
	sh := func(script string) string {
		t.Helper()
		cmd := built(within(t), fake)
		cmd.Path, cmd.Args, cmd.Dir = "/bin/sh", []string{"sh", "-c", script}, dir
		cmd.Env = append(cmd.Env, "XDG_STATE_HOME="+filepath.Join(dir, "state"))
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || stderr.String() != "" {
			t.Fatalf("%s: %v, %s", script, err, stderr.String())
		}
		return string(out)
	}
	clitest.WantText(t, "files", sh(`tensorslab images generate "a fox" -q | tensorslab images wait -q | tensorslab images download -q --out pictures`),
		"pictures/fake_0000000000000001-1.png\n")
	for name, want := range map[string]string{
		`tensorslab images list -q --state saved`:                                       "fake_0000000000000001\n",
		`tensorslab images list -q --state saved | tensorslab images info -q`:           "fake_0000000000000001\n",
		`tensorslab images list -o json --state saved | tensorslab images info -q -f -`: "fake_0000000000000001\n",
	} {
		clitest.WantText(t, name, sh(name), want)
	}
	clitest.WantText(t, "the image", clitest.ReadFile(t, filepath.Join(dir, "pictures", "fake_0000000000000001-1.png")), string(fake.Image(fake.ImageURLs(fake.Tasks()[0])[0])))
}
