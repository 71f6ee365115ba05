package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// defaultResolution has what a request without a resolution gets, by the contract. That of
// SeeDream V4 is not published.
var defaultResolution = map[wrapper.Model]string{
	wrapper.ModelSeeDreamV45: "2K", wrapper.ModelSeeDreamV5: "2K", wrapper.ModelZImage: "1024*1024",
}

// canonical returns arguments in a form that is the same for calls that ask for the same
// images, however they are written. It is for comparison only.
func (s *server) canonical(in generateIn) string {
	model := cmp.Or(wrapper.Model(in.Model), wrapper.ModelSeeDreamV45)
	in.Model, in.Count = string(model), max(1, in.Count)
	in.Prompt = strings.Join(strings.Fields(in.Prompt), " ")
	resolution := cmp.Or(strings.TrimSpace(in.Resolution), defaultResolution[model])
	in.Resolution = strings.ReplaceAll(strings.ToLower(resolution), "*", "x")
	in.ImageURL = strings.TrimSpace(in.ImageURL)
	var files []string
	for _, name := range in.SourceFiles {
		files = append(files, filepath.Clean(s.inFolder(name)))
	}
	in.SourceFiles = files
	text, _ := json.Marshal(in) // texts and numbers alone cannot fail
	return string(text)
}

// generateOnce submits a generation, unless the agent has submitted it already and does not
// know what became of it. The id of the request names the call, if it has one.
func (s *server) generateOnce(ctx context.Context, request string, in generateIn) generateOut {
	arguments := s.canonical(in)
	for {
		mine, earlier := s.attempts.begin(ctx, request, arguments)
		if earlier == nil {
			return s.carryOut(ctx, mine, in)
		}
		out, ok := s.attempts.await(ctx, earlier)
		switch {
		case ctx.Err() != nil:
			return generateOut{Outcome: outcomeNotSent, problem: s.problemOf(errEnded)}
		case !ok:
			continue
		}
		out, isOver := s.latest(ctx, out)
		if isOver {
			s.attempts.forget(earlier)
		} else if s.attempts.deliver(earlier, request, out) {
			out.Earlier = true
			return out
		}
	}
}

// carryOut submits a generation. If that ends in a panic, its outcome is unknown.
func (s *server) carryOut(ctx context.Context, mine *attempt, in generateIn) (out generateOut) {
	out = generateOut{Outcome: outcomeUnknown, problem: problem{
		Error: "internal error: a task may exist and have been paid for", WhatToDo: "Do not generate again: call list, and tell the user.",
	}}
	defer func() { s.attempts.end(mine, out) }()
	return s.generate(ctx, in)
}

// latest returns what is now known of a generation whose outcome was out. A person may have
// recorded what became of it; it is over if that allows another one.
func (s *server) latest(ctx context.Context, out generateOut) (now generateOut, isOver bool) {
	if out.Outcome != outcomeUnknown || s.entries == nil || out.Key == "" {
		return out, false
	}
	e, ok, err := s.entries.Get(ctx, out.Key)
	switch {
	case err != nil || !ok || e.State == batch.InDoubt || e.State == batch.Submitting:
		return out, false
	case e.State == batch.Submitted && out.TaskID == "" && e.TaskID != "":
		s.mu.Lock()
		s.keys[e.TaskID] = e.Key
		s.mu.Unlock()
		now, _ = s.outcome(e.TaskID, nil)
		now.Key = out.Key
		return now, false
	}
	return out, e.State != batch.Submitted
}
