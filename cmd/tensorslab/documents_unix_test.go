//go:build !windows

package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var (
	shellBlock = regexp.MustCompile("(?ms)^ *```(?:sh|crontab)\n(.*?)^ *```")
	cronFields = regexp.MustCompile(`(?m)^(?:[\d*]+ ){5}`)
	// The tests of the root package check the lines that this removes.
	otherTools = regexp.MustCompile(`(?m)^ *(?:cd \S+ && )?(?:\w+=\S* )*(?:make|go) .*\n`)
)

// Each block of commands in the documents succeeds, in a shell that has the files which
// the documents name.
func TestDocumentsShowCommandsThatRun(t *testing.T) {
	ran := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "*/README.md"} {
		names, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			for i, match := range shellBlock.FindAllStringSubmatch(clitest.ReadFile(t, name), -1) {
				script := cronFields.ReplaceAllString(otherTools.ReplaceAllString(match[1], ""), "")
				if strings.TrimSpace(script) == "" {
					continue
				}
				ran++
				t.Run(fmt.Sprintf("%s/%d", filepath.ToSlash(name)[len("../../"):], i+1), func(t *testing.T) {
					t.Parallel()
					if strings.HasPrefix(script, "tensorslab fake") {
						serveShown(t, script)
					} else {
						runShown(t, script)
					}
				})
			}
		}
	}
	if ran < 8 {
		t.Errorf("found %d blocks of commands", ran)
	}
}

// runShown runs a script against a fake of its own.
func runShown(t *testing.T, script string) {
	t.Helper()
	fake := fakeapi.Start(t, fakeapi.WithKey(clitest.Key), fakeapi.WithStrict(), fakeapi.WithTaskLife(fakeapi.TaskLife{}),
		fakeapi.WithTasks("abcd_1234567890abcdef", "task_000001", "task_000002"))
	dir := t.TempDir()
	journal := filepath.Join(dir, "state", "tensorslab")
	if err := os.MkdirAll(journal, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{
		filepath.Join(dir, "key.txt"):     clitest.Key + "\n",
		filepath.Join(dir, "fox.png"):     "\x89PNG\r\n\x1a\n",
		filepath.Join(dir, "prompts.csv"): "key,prompt\nfox,a fox\nsea,the sea\n",
		filepath.Join(dir, "ids.txt"):     "task_000001\ntask_000002\n",
		clitest.Session{Env: map[string]string{"XDG_STATE_HOME": filepath.Join(dir, "state"), "TENSORSLAB_BASE_URL": fake.URL}}.Journal(): `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"hut","state":"saved","task":"task_000001","prompt":"a hut"}
{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"owl","state":"in-doubt","prompt":"an owl"}
{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"bear","state":"in-doubt","prompt":"a bear"}
`,
	} {
		clitest.WriteFile(t, path, content)
	}
	cmd := built(within(t), fake)
	cmd.Path, cmd.Args, cmd.Dir = "/bin/sh", []string{"sh", "-e", "-c", script}, dir
	cmd.Env = append(cmd.Env, "XDG_STATE_HOME="+filepath.Join(dir, "state"), "HOME="+dir)
	out, err := cmd.CombinedOutput()
	if text := string(out); err != nil || strings.Contains(text, clitest.Key) || strings.Contains(text, "tensorslab: ") {
		t.Errorf("%s%v\n%s", script, err, out)
	}
}

// serveShown runs a fake, on a port that is free, until it says how to stop it.
func serveShown(t *testing.T, script string) {
	t.Helper()
	cmd := built(within(t), fakeapi.Start(t), append(strings.Fields(script)[1:], "--addr", "127.0.0.1:0")...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(stdout); !strings.Contains(said, "Ctrl-C") && lines.Scan(); {
		said = lines.Text()
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%s%v, after %q", script, err, said)
	}
}
