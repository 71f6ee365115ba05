package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

type serverKey struct{}

// TestScripts drives the built command. Each script has a fake service of its
// own, which its environment points to, and these commands besides testscript's:
//
//	status N ARG…       run tensorslab and check its exit status
//	seed N              add N tasks, whose ids are in ids.txt, one per line
//	refuse ID…          have the fake refuse these ids
//	fail N KIND         make the next N requests fail (see faults)
//	failimage N KIND    make the next N downloads fail
//	held FILE           check that the file lists the tasks of the fake, in their order
//	requests N          check how many requests the fake received
//	head N ARG…         run tensorslab, read N lines of its output and close it
//	signal SIG N ARG…   run tensorslab, send the signal at the first request (SIG@2: at the second; SIG@image: at a download; INT+TERM: both at once), check the status
//	life Q P [WHY]      give the next task Q queries as queued and P as processing; it fails if there is a reason
//	pictures FILE…      check that the files are the images of the last task of the fake, and that no key was sent for them
//	empty DIR           check that a folder is empty
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUpScript,
		Condition: func(name string) (bool, error) {
			if name != "hangup" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return !signal.Ignored(syscall.SIGHUP), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": cmdStatus, "seed": cmdSeed, "refuse": cmdRefuse, "fail": cmdFail,
			"held": cmdHeld, "requests": cmdRequests, "head": cmdHead, "signal": cmdSignal,
			"life": cmdLife, "pictures": cmdPictures, "failimage": cmdFailImage, "empty": cmdEmpty,
		},
	})
}

func setUpScript(e *testscript.Env) error {
	fake, err := fakeapi.NewServer(fakeapi.WithKey(clitest.Key))
	if err != nil {
		return err
	}
	e.Defer(func() { fake.Close() })
	e.Values[serverKey{}] = fake
	e.Setenv("TENSORSLAB_BASE_URL", fake.URL)
	e.Setenv("TENSORSLAB_API_KEY", clitest.Key)
	e.Setenv("GORACE", raceOptions)
	e.Setenv("KEY", clitest.Key)
	e.Setenv("MANY", strconv.Itoa(manyTasks))
	e.Setenv("HOME", e.WorkDir)
	e.Setenv("USERPROFILE", e.WorkDir)
	e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
	return nil
}

func fakeOf(ts *testscript.TestScript) *fakeapi.Server {
	return ts.Value(serverKey{}).(*fakeapi.Server)
}

func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: status N ARG…")
	}
	checkStatus(ts, args[0], ts.Exec("tensorslab", args[1:]...))
}

func checkStatus(ts *testscript.TestScript, want string, err error) {
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, want %s", got, want)
	}
}

func cmdSeed(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	ids := service.TaskIDs(n)
	fakeOf(ts).AddTasks(ids...)
	ts.Check(os.WriteFile(ts.MkAbs("ids.txt"), []byte(clitest.Lines(ids...)), 0o600))
}

func cmdRefuse(ts *testscript.TestScript, _ bool, args []string) { fakeOf(ts).RefuseTasks(args...) }

func cmdHeld(ts *testscript.TestScript, neg bool, args []string) {
	want, got := clitest.Lines(fakeOf(ts).Tasks()...), ts.ReadFile(args[0])
	if (got == want) == neg {
		ts.Fatalf("%s holds %.300q, the fake %.300q", args[0], got, want)
	}
}

func cmdRequests(ts *testscript.TestScript, _ bool, args []string) {
	if got := len(fakeOf(ts).Requests()); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%d requests, want %s", got, args[0])
	}
}

// command prepares a process for what testscript cannot do.
func command(ts *testscript.TestScript, args []string) (cmd *exec.Cmd, stderr *strings.Builder) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	ts.Defer(cancel)
	cmd = exec.CommandContext(ctx, "tensorslab", args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = os.Environ()
	for _, name := range []string{"TENSORSLAB_BASE_URL", "TENSORSLAB_API_KEY", "HOME", "USERPROFILE", "XDG_STATE_HOME"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	stderr = new(strings.Builder)
	cmd.Stderr = stderr
	return cmd, stderr
}

func cmdHead(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd, stderr := command(ts, args[2:])
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	for lines := bufio.NewScanner(stdout); n > 0 && lines.Scan(); n-- {
		fmt.Fprintln(ts.Stdout(), lines.Text())
	}
	ts.Check(stdout.Close())
	err = cmd.Wait()
	fmt.Fprint(ts.Stderr(), stderr)
	checkStatus(ts, args[1], err)
}
