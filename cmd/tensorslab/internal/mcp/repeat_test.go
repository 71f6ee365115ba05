package mcp

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const (
	aTask = `{"code":1000,"msg":"ok","data":{"taskid":"task-1"}}`
	aPNG  = "\x89PNG\r\n\x1a\n"
)

// The same request in other words is the same request.
func TestRepetitionInOtherWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	clitest.WriteFile(t, filepath.Join(dir, "a.png"), aPNG)
	for name, calls := range map[string][]args{
		"defaults":    {{"prompt": "a fox"}, {"prompt": "a fox", "count": 1}, {"prompt": "a fox", "model": "seedreamv45"}, {"prompt": "a fox", "resolution": "2K"}},
		"prompt":      {{"prompt": "a fox"}, {"prompt": "a fox "}, {"prompt": "\n a  fox\t"}},
		"resolution":  {{"prompt": "a fox", "resolution": "2048x2048"}, {"prompt": "a fox", "resolution": " 2048x2048 "}, {"prompt": "a fox", "resolution": "2048*2048"}},
		"no files":    {{"prompt": "a fox"}, {"prompt": "a fox", "source_files": []string{}}, {"prompt": "a fox", "extend_prompt": false, "image_url": ""}},
		"source":      {{"prompt": "a fox", "source_files": []string{"a.png"}}, {"prompt": "a fox", "source_files": []string{filepath.Join(dir, "a.png")}}, {"prompt": "a fox", "source_files": []string{"./a.png"}}},
		"explicit":    {{"prompt": "a fox", "count": 1, "model": "seedreamv45"}, {"prompt": "a fox"}},
		"other model": {{"prompt": "a fox", "model": "seedreamv5"}, {"prompt": "a fox", "model": "seedreamv5", "resolution": "2k"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, again := range calls[1:] {
				h := hold(t, 200, aTask)
				r := start(t, h.URL, func(f *flags, _ map[string]string) { f.out = dir })
				r.cancelled(h, calls[0])
				close(h.release)
				if got, _ := call[generateOut](r, "generate", again); got.TaskID != "task-1" || !got.Earlier || h.requests.Load() != 1 {
					t.Errorf("%v after %v: %+v after %d submissions", again, calls[0], got, h.requests.Load())
				}
			}
		})
	}
}

// Requests for other images are not the same.
func TestCanonicalTellsApart(t *testing.T) {
	t.Parallel()
	s, _ := serverFor(t, fakeapi.Start(t).URL, nil)
	seed, other := 0, 1
	seen := make(map[string]int)
	for i, in := range []generateIn{
		{Prompt: "a fox"}, {Prompt: "A fox"}, {Prompt: "afox"}, {Prompt: "a fox", Count: 2}, {Prompt: "a fox", Model: "seedreamv4"},
		{Prompt: "a fox", Model: "seedreamv5"}, {Prompt: "a fox", Resolution: "4K"}, {Prompt: "a fox", Model: "zimage"},
		{Prompt: "a fox", Model: "zimage", Seed: &seed}, {Prompt: "a fox", Model: "zimage", Seed: &other},
		{Prompt: "a fox", ExtendPrompt: true}, {Prompt: "a fox", ImageURL: "https://example.com/a"}, {Prompt: "a fox", ImageURL: "https://example.com/A"},
		{Prompt: "a fox", SourceFiles: []string{"a.png"}}, {Prompt: "a fox", SourceFiles: []string{"a.png", "b.png"}}, {Prompt: "a fox", SourceFiles: []string{"b.png", "a.png"}},
	} {
		text := s.canonical(in)
		if before, ok := seen[text]; ok {
			t.Errorf("%d and %d are the same: %s", before, i, text)
		}
		seen[text] = i
	}
}

// After an unknown outcome an equal call sends nothing, however often it comes, until a
// person has recorded what became of the first one.
func TestUnknownIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		decide  func(j batch.Journal, key string) error
		outcome string
		earlier bool
		calls   int // submissions after all
	}{
		"nobody decides": {func(batch.Journal, string) error { return nil }, outcomeUnknown, true, 1},
		"a task":         {func(j batch.Journal, key string) error { return batch.Resolve(t.Context(), j, key, "found-1") }, outcomeCreated, true, 1},
		"no task":        {func(j batch.Journal, key string) error { return batch.Resubmit(t.Context(), j, key) }, outcomeCreated, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			r := with(t, fake)
			fake.FailNextOn(generationOp, 1, fakeapi.DropAnswer())
			first, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
			for range 3 {
				got, result := call[generateOut](r, "generate", args{"prompt": "a fox", "count": 1})
				if got.Outcome != outcomeUnknown || !got.Earlier || got.Key != first.Key || !result.IsError || !strings.Contains(got.WhatToDo, "returns this outcome and sends nothing") {
					t.Errorf("%+v", got)
				}
			}
			j, err := batch.OpenSharedJournal(r.journal)
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			if err := tt.decide(j, first.Key); err != nil {
				t.Fatal(err)
			}
			got, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
			if got.Outcome != tt.outcome || got.Earlier != tt.earlier || (got.Key == first.Key) != tt.earlier || submissions(fake) != tt.calls {
				t.Errorf("%+v after %d submissions", got, submissions(fake))
			}
			if name == "a task" && got.TaskID != "found-1" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A task that the response names all the same is not paid for again while it is under way.
func TestUnknownOfANamedTask(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	r := with(t, fake)
	fake.FailNextOn(generationOp, 1, fakeapi.Respond(500, "application/json", `{"code":9999,"msg":"no","data":{"taskid":"t-9"}}`))
	for _, earlier := range []bool{false, true, true} {
		got, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
		if got.Outcome != outcomeUnknown || got.Earlier != earlier || got.TaskID != "t-9" || submissions(fake) != 1 {
			t.Errorf("%+v after %d submissions", got, submissions(fake))
		}
	}
	r.server.record(t.Context(), fate{state: batch.Completed}, "t-9")
	if got, _ := call[generateOut](r, "generate", args{"prompt": "a fox"}); got.Outcome != outcomeCreated || got.Earlier {
		t.Errorf("%+v", got)
	}
}

// A cancellation may cross the response: the host does not read what it has given up.
func TestCancellationCrossesTheResponse(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"number": "7", "text": `"7"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hold(t, 200, aTask)
			close(h.release)
			w := overWire(t, t.Context(), h.URL)
			generate := func(id string, earlier bool, task string) {
				t.Helper()
				w.send(t, strings.Replace(generateCall, `"id":7`, `"id":`+id, 1))
				if got := w.receive(t).Result.StructuredContent; got.TaskID != task || got.Earlier != earlier {
					t.Errorf("request %s: %+v after %d submissions", id, got, h.requests.Load())
				}
			}
			cancel := func(id string) {
				w.send(t, fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s}}`, id))
			}
			generate(id, false, "task-1")
			cancel(`"8"`) // another one
			cancel(id)
			generate("9", true, "task-1") // which crosses too
			cancel("9")
			generate("10", true, "task-1")
			generate("11", false, "task-2") // another picture, since the response has been read
			w.stdin.Close()
			clitest.WantStatus(t, <-w.done, 0)
		})
	}
}

// Only the latest outcomes are kept, but each one that is unknown.
func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	var a attempts
	end := func(i int, outcome string) {
		mine, _ := a.begin(t.Context(), fmt.Sprint(i), fmt.Sprint(i))
		a.end(mine, generateOut{Outcome: outcome})
	}
	end(0, outcomeUnknown)
	end(1, outcomeRefused)
	for i := range 2 * maxAnswered {
		end(i+2, outcomeCreated)
		a.cancelled(fmt.Sprint("other ", i))
	}
	if len(a.all) != maxAnswered+1 || a.all[0].out.Outcome != outcomeUnknown || len(a.gone) > maxGone {
		t.Errorf("%d attempts, the first %+v", len(a.all), a.all[0])
	}
	a.cancelled(fmt.Sprint(2*maxAnswered + 1))
	if mine, earlier := a.begin(t.Context(), "", fmt.Sprint(2*maxAnswered+1)); mine != nil || earlier == nil {
		t.Error("the latest is not kept")
	}
	if mine, _ := a.begin(t.Context(), "", "2"); mine == nil {
		t.Error("the oldest is kept")
	}
}

// A repetition may be cancelled before it gets the outcome, and its call may not know yet.
func TestDeliveredToACancelledCall(t *testing.T) {
	t.Parallel()
	var a attempts
	mine, _ := a.begin(t.Context(), "1", "fox")
	a.cancelled("1")
	a.cancelled("2")
	a.end(mine, generateOut{Outcome: outcomeCreated})
	if !a.deliver(mine, "2", mine.out) || !a.deliver(mine, "3", mine.out) || a.deliver(mine, "4", mine.out) {
		t.Errorf("%+v", mine)
	}
}
