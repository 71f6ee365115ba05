package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The commands by which scripts control their fake service.

var faults = map[string]func() fakeapi.Fault{
	"not":     func() fakeapi.Fault { return fakeapi.Fault{} },
	"credits": func() fakeapi.Fault { return fakeapi.BusinessCode(9000, "Insufficient Credits") },
	"lost":    fakeapi.DropAnswer,
	"broken":  fakeapi.MalformedBody,
	"html":    func() fakeapi.Fault { return fakeapi.Respond(502, "text/html", "<h1>Bad Gateway</h1>") },
	"slow":    func() fakeapi.Fault { return fakeapi.Delay(time.Hour) },
	"gone":    func() fakeapi.Fault { return fakeapi.Respond(404, "text/plain", "gone") },
}

func parseFault(ts *testscript.TestScript, args []string) (int, fakeapi.Fault) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	fault, ok := faults[args[1]]
	if !ok {
		ts.Fatalf("unknown fault %q", args[1])
	}
	return n, fault()
}

func cmdFail(ts *testscript.TestScript, _ bool, args []string) {
	fakeOf(ts).FailNext(parseFault(ts, args))
}

func cmdFailImage(ts *testscript.TestScript, _ bool, args []string) {
	fakeOf(ts).ImageHost().FailNext(parseFault(ts, args))
}

func cmdLife(ts *testscript.TestScript, _ bool, args []string) {
	queued, err := strconv.Atoi(args[0])
	ts.Check(err)
	processing, err := strconv.Atoi(args[1])
	ts.Check(err)
	fakeOf(ts).ScriptNext(1, fakeapi.TaskLife{Queued: queued, Processing: processing, Fail: strings.Join(args[2:], " ")})
}

func cmdPictures(ts *testscript.TestScript, _ bool, args []string) {
	fake := fakeOf(ts)
	tasks := fake.Tasks()
	for i, address := range fake.ImageURLs(tasks[len(tasks)-1]) {
		if got := ts.ReadFile(args[i]); got != string(fake.Image(address)) || got == "" {
			ts.Fatalf("%s is not image %d", args[i], i+1)
		}
	}
	if n := fake.ImageHost().Leaks(); n > 0 {
		ts.Fatalf("the key reached the image host %d times", n)
	}
}

func cmdEmpty(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(entries) > 0 {
		ts.Fatalf("%s holds %s", args[0], entries[0].Name())
	}
}

var signals = map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}

func cmdSignal(ts *testscript.TestScript, _ bool, args []string) {
	fake := fakeOf(ts)
	name, nth, _ := strings.Cut(args[0], "@")
	received, n := fake.Requests, 1
	if nth == "image" {
		received = fake.ImageHost().Requests
	} else if nth != "" {
		var err error
		n, err = strconv.Atoi(nth)
		ts.Check(err)
	}
	awaited := len(received()) + n
	cmd, stderr := command(ts, args[2:])
	var stdout strings.Builder
	cmd.Stdout = &stdout
	ts.Check(cmd.Start())
	for deadline := time.Now().Add(patience); len(received()) < awaited; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("no request: %s", stderr)
		}
	}
	for one := range strings.SplitSeq(name, "+") {
		ts.Check(cmd.Process.Signal(signals[one]))
	}
	err := cmd.Wait()
	fmt.Fprint(ts.Stdout(), stdout.String())
	fmt.Fprint(ts.Stderr(), stderr)
	checkStatus(ts, args[1], err)
}
