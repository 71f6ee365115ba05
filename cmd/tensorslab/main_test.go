package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// TestMain lets tests run this binary as the command, by its name.
func TestMain(m *testing.M) {
	os.Setenv("GORACE", raceOptions)
	testscript.Main(leakChecked{m}, map[string]func(){"tensorslab": main})
}

// raceOptions keep the race detector from sleeping for a second at the end of
// each process.
const raceOptions = "atexit_sleep_ms=0"

// leakChecked is goleak.VerifyTestMain for a TestMain that has other work too.
type leakChecked struct{ m *testing.M }

func (c leakChecked) Run() int {
	status := c.m.Run()
	if err := goleak.Find(); status == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return status
}

// testKey is looked for in everything that the command prints.
const testKey = "tl-secret-0123456789abcdef"

// session is one run of the command in this process.
type session struct {
	t      *testing.T
	stdin  io.Reader
	env    map[string]string
	home   string
	stdout io.Writer // in place of the buffer, if set
}

type outcomes struct {
	status   int
	out, err string
}

func (s session) run(args ...string) outcomes {
	s.t.Helper()
	return s.runContext(s.t.Context(), args...)
}

func (s session) runContext(ctx context.Context, args ...string) outcomes {
	s.t.Helper()
	var out, errOut bytes.Buffer
	e := env{
		stdin: s.stdin, stdout: &out, stderr: &errOut, home: s.home, lastWords: new(lastWords),
		getenv: func(name string) string { return s.env[name] },
	}
	if s.stdout != nil {
		e.stdout = s.stdout
	}
	got := outcomes{status: run(ctx, args, e)}
	got.out, got.err = out.String(), errOut.String()
	if strings.Contains(got.out+got.err, testKey) {
		s.t.Errorf("the key is in the output:\n%s%s", got.out, got.err)
	}
	return got
}

// against is a session whose environment points to a fake service.
func against(t *testing.T, fake *fakeapi.Server) session {
	return session{t: t, env: map[string]string{"TENSORSLAB_BASE_URL": fake.URL, "TENSORSLAB_API_KEY": testKey}}
}

func wantStatus(t *testing.T, got outcomes, status int) {
	t.Helper()
	if got.status != status {
		t.Errorf("exit status %d, want %d; stdout:\n%s\nstderr:\n%s", got.status, status, got.out, got.err)
	}
}

// wantError checks the last line on stderr, which is the only one.
func wantError(t *testing.T, got outcomes, status int, want string) {
	t.Helper()
	wantStatus(t, got, status)
	if got.err != "tensorslab: "+want+"\n" {
		t.Errorf("stderr\n  %q, want\n  %q", got.err, "tensorslab: "+want+"\n")
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n  %q, want\n  %q", what, got, want)
	}
}

// lines is a list as --remaining writes it.
func lines(ids ...string) string {
	if len(ids) == 0 {
		return ""
	}
	return strings.Join(ids, "\n") + "\n"
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
