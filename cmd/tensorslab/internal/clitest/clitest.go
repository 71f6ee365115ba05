// Package clitest runs commands in tests, in the process of the test.
package clitest

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

// Key is the API key of tests. A run fails its test if the key is in the output.
const Key = "tl-secret-0123456789abcdef"

// Session is what a command is run with.
type Session struct {
	T      *testing.T
	Root   func(cli.Env) *cobra.Command
	Stdin  io.Reader
	Env    map[string]string
	Home   string
	Stdout io.Writer                 // used instead of a buffer if it is set
	Stderr io.Writer                 // gets what Result.Err gets as well, if it is set
	Open   func(target string) error // see cli.Env; nil: there is nothing to open files with
}

// Against returns a session whose environment names a fake service and the key.
func Against(t *testing.T, root func(cli.Env) *cobra.Command, fake *fakeapi.Server) Session {
	t.Helper()
	return Session{T: t, Root: root, Env: map[string]string{
		"TENSORSLAB_BASE_URL": fake.URL, "TENSORSLAB_API_KEY": Key, "XDG_STATE_HOME": t.TempDir(),
	}}
}

// Journal returns the file of the default journal, which is that of the service.
func (s Session) Journal() string {
	name := "tasks.jsonl"
	if _, place, ok := strings.Cut(s.Env["TENSORSLAB_BASE_URL"], "://"); ok {
		name = "tasks-" + strings.ReplaceAll(place, ":", "-") + ".jsonl"
	}
	return filepath.Join(s.Env["XDG_STATE_HOME"], "tensorslab", name)
}

// Result is what a command did.
type Result struct {
	Status   int
	Out, Err string
	Service  string // the line of standard error about the service, which Err lacks
}

// Run runs a command and checks that the key is not in its output.
func (s Session) Run(args ...string) Result {
	s.T.Helper()
	return s.RunContext(s.T.Context(), args...)
}

// RunContext is [Session.Run] with a context whose end is an interruption.
func (s Session) RunContext(ctx context.Context, args ...string) Result {
	s.T.Helper()
	var out, errOut bytes.Buffer
	e := cli.Env{
		Stdin: s.Stdin, Stdout: cli.Until(ctx, &out), Stderr: cli.Until(ctx, &errOut), Home: s.Home, OnExit: new(cli.ExitHook), Secret: new(cli.Secret),
		Getenv: s.getenv, Open: s.Open,
	}
	if s.Stderr != nil {
		e.Stderr = cli.Until(ctx, io.MultiWriter(&errOut, s.Stderr))
	}
	if s.Stdout != nil {
		e.Stdout = cli.Until(ctx, s.Stdout)
	}
	got := Result{Status: cli.Run(ctx, e, s.Root(e), args)}
	got.Out, got.Err = out.String(), errOut.String()
	got.Service = aboutService.FindString(got.Err)
	got.Err = strings.Replace(got.Err, got.Service, "", 1)
	if strings.Contains(got.Out+got.Err, Key) {
		s.T.Errorf("the key is in the output:\n%s%s", got.Out, got.Err)
	}
	return got
}

// aboutService matches the line that says which service is used, if that is not TensorsLab's. It
// has the address of the fake of the test.
var aboutService = regexp.MustCompile(`(?m)^using \S+ \((TENSORSLAB_BASE_URL|--base-url)\)\n`)

// getenv is the environment. The journal of tasks is that of this test alone.
func (s Session) getenv(name string) string {
	if value, ok := s.Env[name]; ok || name != "XDG_STATE_HOME" || s.Home != "" {
		return value
	}
	return s.T.TempDir()
}

// WantStatus checks the exit status.
func WantStatus(t *testing.T, got Result, status int) {
	t.Helper()
	if got.Status != status {
		t.Errorf("exit status %d, want %d; stdout:\n%s\nstderr:\n%s", got.Status, status, got.Out, got.Err)
	}
}

// WantError checks the exit status, and that standard error is the line want.
func WantError(t *testing.T, got Result, status int, want string) {
	t.Helper()
	WantStatus(t, got, status)
	WantText(t, "stderr", got.Err, "tensorslab: "+want+"\n")
}

// WantText checks that two texts are equal.
func WantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n  %q, want\n  %q", what, got, want)
	}
}

// Lines returns ids one per line, as --remaining writes them.
func Lines(ids ...string) string {
	if len(ids) == 0 {
		return ""
	}
	return strings.Join(ids, "\n") + "\n"
}

// ReadFile returns the content of a file.
func ReadFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// WriteFile writes a file and returns its path.
func WriteFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// NamesIn returns the names of the files in dir, separated by spaces.
func NamesIn(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// FailingWriter is a writer whose writes fail.
type FailingWriter struct{ Err error }

// Write returns the error.
func (w FailingWriter) Write([]byte) (int, error) { return 0, w.Err }

// WriterFunc is a function as a writer, so that a test can act in the middle of a run.
type WriterFunc func(p []byte) (int, error)

// Write calls the function.
func (f WriterFunc) Write(p []byte) (int, error) { return f(p) }

// MakeFolder creates a folder with its parents.
func MakeFolder(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
}
