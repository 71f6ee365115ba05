package batch

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Judge says the same to others as to a run.
func TestJudge(t *testing.T) {
	t.Parallel()
	json := func(status int, body string) fakeapi.Fault { return fakeapi.Respond(status, "application/json", body) }
	for name, tt := range map[string]struct {
		fault   fakeapi.Fault
		verdict Verdict
		task    string
	}{
		"a task":            {fakeapi.Fault{}, VerdictCreated, "fake_0000000000000001"},
		"a named task":      {json(200, `{"code":9999,"msg":"no","data":{"taskid":"t1","url":""}}`), VerdictCreated, "t1"},
		"a lost response":   {fakeapi.DropAnswer(), VerdictInDoubt, ""},
		"a gateway":         {json(503, `{}`), VerdictInDoubt, ""},
		"a bad request":     {json(400, `{"code":400,"msg":"no"}`), VerdictRefused, ""},
		"a failure":         {fakeapi.BusinessCode(9999, "no"), VerdictRefused, ""},
		"no credits":        {fakeapi.BusinessCode(9000, "no"), VerdictStop, ""},
		"a rejected key":    {json(401, `{"code":401,"msg":"no"}`), VerdictStop, ""},
		"too many requests": {fakeapi.RateLimit(0), VerdictNoPlace, ""},
		"a full plan":       {fakeapi.BusinessCode(9999, "too many concurrent tasks"), VerdictNoPlace, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			srv.FailNext(1, tt.fault)
			id, err := c.Generate(t.Context(), wrapper.GenerateRequest{Prompt: "a fox"})
			if verdict, task := Judge(id, err); verdict != tt.verdict || task != tt.task {
				t.Errorf("%v %q for %q and %v", verdict, task, id, err)
			}
		})
	}
	c := clientOf(t, "http://127.0.0.1:1", http.DefaultClient)
	id, err := c.Generate(t.Context(), wrapper.GenerateRequest{Prompt: "a fox"})
	if verdict, task := Judge(id, err); verdict != VerdictNotSent || task != "" {
		t.Errorf("%v %q for %v", verdict, task, err)
	}
}

// Each context collects the names that are added with it.
func TestCollectFiles(t *testing.T) {
	t.Parallel()
	var lists []func() []string
	for i := range 2 {
		ctx, names := CollectFiles(t.Context())
		ctx, cancel := context.WithCancel(ctx)
		AddFile(ctx, fmt.Sprint(i, "-1.png"))
		AddFile(ctx, fmt.Sprint(i, "-2\xff.png"))
		cancel()
		lists = append(lists, names)
	}
	AddFile(t.Context(), "nowhere.png")
	for i, names := range lists {
		if want := []string{fmt.Sprint(i, "-1.png"), fmt.Sprint(i, "-2\ufffd.png")}; !slices.Equal(names(), want) {
			t.Errorf("%q, want %q", names(), want)
		}
	}
}
