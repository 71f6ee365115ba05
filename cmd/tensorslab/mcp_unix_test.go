//go:build !windows

package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// installed returns a folder with the client in TypeScript's SDK, which npm installs once.
var installed = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp(clientsDir, "mcpclient-")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "mcpclient"))); err != nil {
		return "", err
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", &npmError{out, err}
	}
	return dir, nil
})

type npmError struct {
	out []byte
	err error
}

func (e *npmError) Error() string { return "npm ci: " + e.err.Error() + "\n" + string(e.out) }

// agentCall is a call of the client in testdata/mcpclient.
type agentCall struct {
	Name    string         `json:"name"`
	Args    map[string]any `json:"args"`
	Timeout int            `json:"timeout,omitempty"` // in milliseconds
}

// agentReport is what that client prints.
type agentReport struct {
	Server struct{ Name, Version string }
	Tools  []struct {
		Name        string
		Annotations struct{ ReadOnlyHint, DestructiveHint, IdempotentHint, OpenWorldHint bool }
	}
	Results []agentResult
}

type agentResult struct {
	StructuredContent map[string]any
	Content           []struct{ Type, MIMEType, Text, Data string }
	IsError           bool
	Error             string
}

// runAgent runs a session of that client, and returns its report and the journal.
func runAgent(t *testing.T, fake *fakeapi.Server, calls []agentCall, flags ...string) (report agentReport, journal []batch.Entry) {
	t.Helper()
	node := program(t, "node")
	program(t, "npm")
	client, err := installed()
	if err != nil && os.Getenv("CLIENT_TESTS") != "required" {
		t.Skipf("the client cannot be installed: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	wanted, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := built(within(t), fake)
	cmd.Path, cmd.Args = node, append([]string{node, filepath.Join(client, "client.mjs"), "--out", filepath.Join(dir, "out"), "--journal", filepath.Join(dir, "journal")}, flags...)
	cmd.Env = append(cmd.Env, "CALLS="+string(wanted))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || strings.Contains(string(out)+stderr.String(), clitest.Key) {
		t.Fatalf("%v\n%s%s", err, out, stderr.String())
	}
	if err := json.Unmarshal(out, &report); err != nil || len(report.Results) != len(calls) {
		t.Fatalf("%v\n%s%s", err, out, stderr.String())
	}
	return report, journalAt(t, filepath.Join(dir, "journal"))
}

func journalAt(t *testing.T, path string) (all []batch.Entry) {
	t.Helper()
	j, err := batch.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for e, err := range j.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// A client of another make lists and calls every tool, and checks each result against the
// schema of its tool.
func TestAgentCallsEveryTool(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithKey(clitest.Key), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	report, journal := runAgent(t, fake, []agentCall{
		{Name: "generate", Args: map[string]any{"prompt": "a fox", "count": 2}},
		{Name: "info", Args: map[string]any{"task_id": "$task"}},
		{Name: "wait", Args: map[string]any{"task_id": "$task", "timeout_seconds": 60}},
		{Name: "download", Args: map[string]any{"task_id": "$task"}},
		{Name: "list", Args: map[string]any{}},
		{Name: "delete", Args: map[string]any{"task_ids": []string{"$task"}}},
		{Name: "info", Args: map[string]any{"task_id": "$task"}},
	})
	if report.Server.Name != "tensorslab" || report.Server.Version == "" {
		t.Errorf("server %+v", report.Server)
	}
	var names []string
	for _, tool := range report.Tools {
		names = append(names, tool.Name)
		a := tool.Annotations
		if a.DestructiveHint != (tool.Name == "delete") || a.IdempotentHint == (tool.Name == "generate") || a.OpenWorldHint == (tool.Name == "list") {
			t.Errorf("%+v", tool)
		}
	}
	if got := strings.Join(names, " "); got != "delete download generate info list wait" {
		t.Errorf("tools %s", got)
	}
	for i, result := range report.Results[:6] {
		if result.IsError || result.Error != "" {
			t.Errorf("result %d: %+v", i, result)
		}
	}
	wait, last := report.Results[2], report.Results[6]
	if wait.StructuredContent["outcome"] != "completed" || len(wait.Content) != 3 || wait.Content[2].Type != "image" || wait.Content[2].MIMEType != "image/png" {
		t.Errorf("wait: %+v", wait.StructuredContent)
	}
	if !last.IsError || last.StructuredContent["http_status"] != 404.0 {
		t.Errorf("info of a task that was deleted: %+v", last.StructuredContent)
	}
	if len(journal) != 1 || journal[0].State != batch.Deleted || len(journal[0].Files) != 2 || len(fake.Tasks()) != 0 {
		t.Fatalf("journal %+v, tasks %q", journal, fake.Tasks())
	}
	for _, file := range journal[0].Files {
		if _, err := png.Decode(bytes.NewReader([]byte(clitest.ReadFile(t, file)))); err != nil {
			t.Error(err)
		}
	}
}

// A lost response is an unknown outcome, and the server does not submit again. It is told
// so once more by the journal.
func TestAgentLosesAResponse(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	fake.FailNextOn("seeDreamV45", 1, fakeapi.DropAnswer()) // creates the task
	report, journal := runAgent(t, fake, []agentCall{
		{Name: "generate", Args: map[string]any{"prompt": "a fox"}},
		{Name: "list", Args: map[string]any{"states": []string{"in-doubt"}}},
	})
	got := report.Results[0]
	advice, _ := got.StructuredContent["what_to_do"].(string)
	if !got.IsError || got.StructuredContent["outcome"] != "unknown" || !strings.HasPrefix(advice, "Do not generate again") {
		t.Errorf("%+v", got)
	}
	if len(journal) != 1 || journal[0].State != batch.InDoubt || report.Results[1].StructuredContent["total"] != 1.0 {
		t.Errorf("journal %+v, list %+v", journal, report.Results[1].StructuredContent)
	}
	if requests := fake.Tally().Calls; requests["seeDreamV45"] != 1 || len(fake.Tasks()) != 1 {
		t.Errorf("requests %v, tasks %q", requests, fake.Tasks())
	}
}

// A client that gives a call up and repeats it pays once.
func TestAgentRepeatsACallThatTimedOut(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	fake.FailNextOn("seeDreamV45", 1, fakeapi.DelayAnswer(12*time.Second))
	report, _ := runAgent(t, fake, []agentCall{
		{Name: "generate", Args: map[string]any{"prompt": "a fox"}, Timeout: 5000},
		{Name: "generate", Args: map[string]any{"prompt": "a fox"}},
	})
	again := report.Results[1].StructuredContent
	if !strings.Contains(report.Results[0].Error, "timed out") || again["outcome"] != "created" || again["earlier"] != true || len(fake.Tasks()) != 1 {
		t.Errorf("%+v, tasks %q", report.Results, fake.Tasks())
	}
}

// A client that closes the session while it is paying for a task leaves a record of it.
func TestAgentClosesDuringASubmission(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	fake.FailNextOn("seeDreamV45", 1, fakeapi.DelayAnswer(5*time.Second))
	_, journal := runAgent(t, fake, []agentCall{{Name: "generate", Args: map[string]any{"prompt": "a fox"}, Timeout: 3000}})
	if len(journal) != 1 || len(fake.Tasks()) > 1 {
		t.Fatalf("journal %+v, tasks %q", journal, fake.Tasks())
	}
	// If the client has killed the server in the meantime, the journal still says that the
	// generation may have been paid for.
	if e := journal[0]; len(fake.Tasks()) == 1 && e.State != batch.Submitted && e.State != batch.Submitting {
		t.Errorf("journal %+v", e)
	}
}

// serverSetting is how hosts of agents are told to start a server.
type serverSetting struct {
	Command string
	Args    []string
}

// Each setting in the documents starts a server that answers.
func TestDocumentsShowSettingsThatWork(t *testing.T) {
	t.Parallel()
	settings := regexp.MustCompile("(?ms)^```json\n(.*?)^```").FindAllStringSubmatch(clitest.ReadFile(t, filepath.Join("..", "..", "docs", "agents.md")), -1)
	if len(settings) != 3 {
		t.Errorf("found %d settings", len(settings))
	}
	for _, match := range settings {
		var hosts map[string]map[string]serverSetting
		if err := json.Unmarshal([]byte(match[1]), &hosts); err != nil || len(hosts) != 1 {
			t.Errorf("%v in %s", err, match[1])
		}
		for _, servers := range hosts {
			for name, server := range servers {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					home := t.TempDir()
					cmd := exec.CommandContext(within(t), server.Command, server.Args...)
					cmd.Env = append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+home, "TENSORSLAB_API_KEY="+clitest.Key)
					cmd.Stdin = strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}` + "\n")
					out, err := cmd.Output()
					if err != nil || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), `"name":"tensorslab"`) {
						t.Errorf("%v\n%s", err, out)
					}
				})
			}
		}
	}
}

// A signal ends the server with success, and so does the end of its input.
func TestMCPStops(t *testing.T) {
	t.Parallel()
	cmd := built(within(t), fakeapi.Start(t), "mcp", "--out", t.TempDir())
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stdin, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}`+"\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, 20)); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := exitStatus(t, cmd.Wait()); status != cli.OK {
		t.Errorf("exit status %d", status)
	}
	screen, status := inTerminal(t, built(within(t), fakeapi.Start(t), "mcp", "--out", t.TempDir()), "this server is for agents", "\x04")
	if status != cli.OK || !strings.Contains(screen, "Ctrl-C ends it") {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
}
