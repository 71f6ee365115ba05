package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

const moduleRoot = "../../../.."

// TestMain keeps the repository of whoever runs the tests, as from a hook of git,
// and their settings out of those that the tests make.
func TestMain(m *testing.M) {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "GIT_") {
			os.Unsetenv(name)
		}
	}
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		os.Setenv(name, value)
	}
	goleak.VerifyTestMain(m)
}

const (
	contractV1 = `{
  "openapi": "3.0.3",
  "info": {"title": "t", "version": "1"},
  "paths": {
    "/a": {"get": {"operationId": "a", "responses": {"200": {"description": "OK"}}}},
    "/b": {"get": {"operationId": "b", "responses": {"200": {"description": "OK"}}}}
  }
}
`
	wrapperV1 = "package wrapper\n\nfunc A() {}\n\nfunc B() {}\n"
)

// clone makes a repository with one commit, which the tag v1 names.
func clone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	difftest.Pin(t, moduleRoot, dir)
	difftest.Write(t, dir, "go.mod", "module example.com/m\n\ngo 1.26.0\n")
	difftest.Write(t, dir, "openapi.json", contractV1)
	difftest.Write(t, dir, "wrapper/wrapper.go", wrapperV1)
	git(t, dir, "init", "--quiet")
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=first")
	git(t, dir, "tag", "v1")
	return dir
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v: %s", args[0], err, out)
	}
	return string(out)
}

// diff runs the program in dir with variables in the form name=value.
func diff(t *testing.T, dir, what string, variables ...string) (status int, stdout, stderr string) {
	t.Helper()
	env := map[string]string{}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	var out, log strings.Builder
	status = run(t.Context(), dir, strings.Fields(what), func(name string) string { return env[name] }, &out, &log)
	return status, out.String(), log.String()
}

func TestDiff(t *testing.T) {
	t.Parallel()
	removedA := strings.Replace(contractV1, `"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "OK"}}}},`, "", 1)
	addedC := strings.Replace(contractV1, `"paths": {`, `"paths": {"/c": {"get": {"operationId": "c", "responses": {"200": {"description": "OK"}}}},`, 1)
	tests := []struct {
		name       string
		file, text string // what changes; nothing if empty
		spec, api  string // part of what is printed; nothing is if empty
		breaking   bool
	}{
		{name: "nothing"},
		{name: "a file of no interest", file: "README.md", text: "text"},
		{name: "an operation removed", file: "openapi.json", text: removedA, spec: "GET /a", breaking: true},
		{name: "an operation added", file: "openapi.json", text: addedC, spec: "GET /c"},
		{name: "a function removed", file: "wrapper/wrapper.go", text: "package wrapper\n\nfunc A() {}\n", api: "B: removed", breaking: true},
		{name: "a function added", file: "wrapper/c.go", text: "package wrapper\n\nfunc C() {}\n", api: "C: added"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := clone(t)
			if tt.file != "" {
				difftest.Write(t, dir, tt.file, tt.text)
			}
			for what, want := range map[string]string{"spec": tt.spec, "api": tt.api} {
				status := 0
				if want != "" && tt.breaking {
					status = exitBreaking
				}
				prints(t, dir, what, status, want)
			}
		})
	}
}

// prints checks the report against the one commit of dir, in either format, with
// changes that are committed and that are not.
func prints(t *testing.T, dir, what string, status int, want string) {
	t.Helper()
	formats := []string{"FORMAT="}
	if want != "" {
		formats = []string{"FORMAT=text", "FORMAT=markdown"}
	}
	for _, format := range formats {
		before := git(t, dir, "status", "--porcelain") + git(t, dir, "worktree", "list")
		got, stdout, stderr := diff(t, dir, what, "BASE=v1", format)
		if got != status || !strings.Contains(stdout, want) || (stdout == "") != (want == "") {
			t.Errorf("%s, %s: exit status %d, printed %q, %q; want %d, %q", what, format, got, stdout, stderr, status, want)
		}
		if (stderr == "") != (status == 0) || strings.Count(stderr, "\n") > 1 {
			t.Errorf("%s: standard error %q", what, stderr)
		}
		if isMarkdown := strings.Contains(stdout, "## "); want != "" && isMarkdown != (format == "FORMAT=markdown") {
			t.Errorf("%s: Markdown %t with %s: %s", what, isMarkdown, format, stdout)
		}
		if after := git(t, dir, "status", "--porcelain") + git(t, dir, "worktree", "list"); after != before {
			t.Errorf("%s: the clone is now %q; it was %q", what, after, before)
		}
	}
	if status == 0 {
		isVerdict(t, dir, what, changes.Compatible)
		return
	}
	isVerdict(t, dir, what, changes.Breaking)
	accepted, stdout, stderr := diff(t, dir, what, "BASE=v1", "ACCEPT_BREAKING=1")
	if accepted != 0 || !strings.Contains(stdout, want) || stderr != "" {
		t.Errorf("%s, accepted: exit status %d, printed %q, %q", what, accepted, stdout, stderr)
	}
}

// isVerdict checks the word that is written for whoever runs make.
func isVerdict(t *testing.T, dir, what, want string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "verdict")
	diff(t, dir, what, "BASE=v1", "VERDICT="+file)
	if got, err := os.ReadFile(file); err != nil || string(got) != want+"\n" {
		t.Errorf("%s: the verdict is %q, %v; want %s", what, got, err, want)
	}
}

// A package that does not compile, or a contract that oasdiff refuses, leaves the rest
// of the report, and has a status of its own, which nobody can accept.
func TestDiffThatCannotTell(t *testing.T) {
	t.Parallel()
	dir := clone(t)
	difftest.Write(t, dir, "wrapper/wrapper.go", "package wrapper\n\nfunc {\n")
	difftest.Write(t, dir, "batch/batch.go", "package batch\n")
	difftest.Write(t, dir, "openapi.json", strings.Replace(contractV1, `{"200": {"description": "OK"}}`, `{"200": []}`, 1))
	for what, part := range map[string]string{"api": "package batch\n", "spec": "/paths/~1a/get/responses/200"} {
		for _, accept := range []string{"ACCEPT_BREAKING=", "ACCEPT_BREAKING=1"} {
			status, stdout, stderr := diff(t, dir, what, "BASE=v1", accept)
			if status != exitFailed || !strings.Contains(stdout, part) || !strings.HasPrefix(stderr, "diff: could not compare ") || strings.Count(stderr, "\n") != 1 {
				t.Errorf("%s, %s: exit status %d, %q, %q", what, accept, status, stdout, stderr)
			}
		}
		isVerdict(t, dir, what, changes.Unknown)
	}
	difftest.Write(t, dir, "batch/batch.go", "package batch\n\nfunc A() {}\n")
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=second")
	git(t, dir, "tag", "--force", "v1")
	difftest.Write(t, dir, "batch/batch.go", "package batch\n")
	if status, _, stderr := diff(t, dir, "api", "BASE=v1"); status != exitBreaking || !strings.Contains(stderr, "; could not compare package wrapper") {
		t.Errorf("breaking, and a package that does not compile: exit status %d, %q; want 1 and both", status, stderr)
	}
	isVerdict(t, dir, "api", changes.Breaking)
}

// The base is a commit, by any of its names, and not what is in the index.
func TestDiffTakesAnyNameOfTheCommit(t *testing.T) {
	t.Parallel()
	dir := clone(t)
	difftest.Write(t, dir, "openapi.json", strings.ReplaceAll(contractV1, "/a", "/c"))
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=second")
	for _, base := range []string{"v1", "HEAD^", "HEAD~1", strings.TrimSpace(git(t, dir, "rev-parse", "v1"))} {
		if status, stdout, stderr := diff(t, dir, "spec", "BASE="+base); status != exitBreaking || !strings.Contains(stdout, "GET /c") {
			t.Errorf("%s: exit status %d, %q, %q", base, status, stdout, stderr)
		}
	}
	if status, stdout, stderr := diff(t, dir, "spec", "BASE=HEAD"); status != 0 || stdout != "" || stderr != "" {
		t.Errorf("HEAD: exit status %d, %q, %q", status, stdout, stderr)
	}
}

func TestDiffFails(t *testing.T) {
	t.Parallel()
	dir, alone := clone(t), t.TempDir()
	git(t, dir, "rm", "--quiet", "openapi.json")
	git(t, dir, "commit", "--quiet", "--message=second")
	difftest.Write(t, dir, "openapi.json", contractV1)
	tests := []struct {
		name, dir, what string
		variables       []string
		want            string
	}{
		{"no base", dir, "spec", nil, "BASE is not set"},
		{"no such base", dir, "spec", []string{"BASE=v2"}, `BASE: "v2" is not a commit`},
		{"a base that is an option", dir, "api", []string{"BASE=--all"}, `BASE: "--all" is not a commit`},
		{"a base that is a file", dir, "spec", []string{"BASE=v1:openapi.json"}, "is not a commit"},
		{"a base without the contract", dir, "spec", []string{"BASE=HEAD"}, "openapi.json of BASE: "},
		{"no clone", alone, "api", []string{"BASE=v1"}, "is not a commit"},
		{"no such format", dir, "spec", []string{"BASE=v1", "FORMAT=html"}, `unknown format "html"`},
		{"nothing to compare", dir, "", []string{"BASE=v1"}, "spec or api"},
		{"too much to compare", dir, "spec api", []string{"BASE=v1"}, "spec or api"},
		{"something else", dir, "docs", []string{"BASE=v1"}, "spec or api"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := diff(t, tt.dir, tt.what, tt.variables...)
			if status != exitFailed || stdout != "" || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit status %d, %q, %q; want %d and one line with %q", status, stdout, stderr, exitFailed, tt.want)
			}
		})
	}
}
