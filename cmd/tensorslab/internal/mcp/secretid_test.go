package mcp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A service that responds with the key in place of the id of a task has named no task. The
// key is in no result, file or log.
func TestTheKeyIsNoTaskID(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status, code int
		id           string
	}{
		"the key":  {200, 1000, clitest.Key},
		"a part":   {200, 1000, "task-" + clitest.Key},
		"an error": {500, 9999, clitest.Key},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			body := fmt.Sprintf(`{"code":%d,"msg":"ok","data":{"taskid":%q}}`, tt.code, tt.id)
			fake.FailNextOn(generationOp, 1, fakeapi.Respond(tt.status, "application/json", body))
			r := with(t, fake)
			got, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
			if got.Outcome != outcomeUnknown || got.TaskID != "" || got.Error == "" || !strings.HasPrefix(got.WhatToDo, "Do not generate again") || got.TasksLeft != 19 {
				t.Errorf("%+v", got)
			}
			if e := r.entries(); len(e) != 1 || e[0].State != batch.InDoubt || e[0].TaskID != "" || e[0].Error == "" {
				t.Errorf("journal %+v", e)
			}
			if file := clitest.ReadFile(t, r.journal); strings.Contains(file, clitest.Key) {
				t.Errorf("the key is in the journal: %s", file)
			}
		})
	}
}
