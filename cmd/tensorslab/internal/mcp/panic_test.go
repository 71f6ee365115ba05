package mcp

import (
	"net/http"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// failing panics in place of a request.
type failing struct{}

func (failing) RoundTrip(*http.Request) (*http.Response, error) {
	panic("index out of range with " + clitest.Key)
}

// failingClient makes each request of a session panic.
func (r *rig) failingClient() {
	r.Helper()
	client, err := wrapper.NewClient(clitest.Key, wrapper.WithHTTPClient(&http.Client{Transport: failing{}}))
	if err != nil {
		r.Fatal(err)
	}
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.server.client = client
}

// An error in this program ends one call, and neither the session nor the record of what may
// have been paid for.
func TestPanics(t *testing.T) {
	t.Parallel()
	r := with(t, fakeapi.Start(t))
	r.failingClient()
	first, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
	if e := r.entries(); first.Outcome != outcomeUnknown || first.Key == "" || first.TasksLeft != 19 || len(e) != 1 || e[0].State != batch.InDoubt || e[0].Key != first.Key {
		t.Errorf("%+v, journal %+v", first, e)
	}
	if again, _ := call[generateOut](r, "generate", args{"prompt": "a fox"}); !again.Earlier || again.Key != first.Key {
		t.Errorf("%+v", again)
	}
	for tool, arguments := range map[string]args{"info": {"task_id": "a"}, "wait": {"task_id": "a"}, "download": {"task_id": "a"}} {
		result := r.failed(tool, arguments)
		if text := textOf(result); !strings.HasPrefix(text, "internal error in the tool "+tool) {
			t.Errorf("%s: %s", tool, text)
		}
	}
	if got, result := call[listOut](r, "list", args{}); result.IsError || got.Total != 1 {
		t.Errorf("list: %+v", got)
	}
	if log := r.stderr.String(); !strings.Contains(log, "internal error: index out of range with [redacted]; please report it") {
		t.Errorf("log %s", log)
	}
}

// A generation that ended in a panic elsewhere may have been paid for, and nobody waits for
// it for ever.
func TestPanicOutsideOfTheRequest(t *testing.T) {
	t.Parallel()
	r := with(t, fakeapi.Start(t))
	budget := r.server.budget
	r.server.budget = nil
	for range 2 {
		if text := textOf(r.failed("generate", args{"prompt": "a fox"})); !strings.Contains(text, "do not generate again, and call list") {
			t.Error(text)
		}
	}
	r.server.budget = budget
	if got, _ := call[generateOut](r, "generate", args{"prompt": "a fox"}); got.Outcome != outcomeUnknown || !got.Earlier || got.WhatToDo == "" || len(r.entries()) != 0 {
		t.Errorf("%+v", got)
	}
}

// failed calls a tool whose result is an error without structure.
func (r *rig) failed(tool string, arguments args) *sdk.CallToolResult {
	r.Helper()
	_, result := call[struct{}](r, tool, arguments)
	if !result.IsError {
		r.Fatalf("%s: %+v", tool, result)
	}
	return result
}
