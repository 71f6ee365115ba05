package mcp

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/submission"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// request returns the request of the arguments. What they leave out is left out, so that
// the defaults of the service apply.
func (in generateIn) request(sources []types.File) wrapper.GenerateRequest {
	return wrapper.GenerateRequest{
		Model: cmp.Or(wrapper.Model(in.Model), wrapper.ModelSeeDreamV45), Prompt: in.Prompt, Resolution: in.Resolution, Count: in.Count,
		Seed: in.Seed, ExtendPrompt: in.ExtendPrompt, Sources: sources, ImageURL: in.ImageURL,
	}
}

// submit sends a generation, after the journal has it. The end of ctx does not end a
// request that is under way, because its response names a task that is paid for. The end
// of the session does so after a while.
func (s *server) submit(ctx context.Context, client *wrapper.Client, req wrapper.GenerateRequest) (out generateOut, isPaid bool) {
	own := journal.NewOwn(s.entries, s.Secret, req)
	if err := own.Begin(); err != nil {
		return s.notSent(err, "Nothing was paid. Tell the user that the journal of tasks cannot be written."), false
	}
	s.count(counts{underWay: 1})
	defer s.count(counts{underWay: -1})
	_, sub, end := submission.New(ctx, func() {})
	defer end()
	detach := context.AfterFunc(s.session, func() {
		late := time.AfterFunc(s.grace, end)
		context.AfterFunc(sub, func() { late.Stop() })
	})
	defer detach()
	outcome := s.sendAs(sub, own, client, req)
	out, isPaid = s.outcome(outcome.TaskID, outcome.Err)
	out.Key = own.Key()
	if err := outcome.Record; err != nil {
		s.Warn("the journal of tasks could not be written: " + err.Error())
		out.WhatToDo += " The journal could not be written: tell the user this task_id and key."
	}
	s.created(out)
	s.log(req.Model, out)
	return out, isPaid
}

// sendAs sends a generation and records its outcome. One at a time is recorded, so that of
// two responses with one id the first has the task.
func (s *server) sendAs(ctx context.Context, own *journal.Own, client *wrapper.Client, req wrapper.GenerateRequest) journal.Outcome {
	id, err := s.send(ctx, client, req)
	s.recording.Lock()
	defer s.recording.Unlock()
	return own.Submitted(id, err)
}

// send sends a generation. A panic is an unknown outcome, so that it is recorded as one.
func (s *server) send(ctx context.Context, client *wrapper.Client, req wrapper.GenerateRequest) (id string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(s.panicked("generate", p), wrapper.ErrOutcomeUnknown)
		}
	}()
	return client.Generate(ctx, req)
}

// count changes what the session did.
func (s *server) count(by counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent.created += by.created
	s.sent.unknown += by.unknown
	s.sent.underWay += by.underWay
}

// created remembers a task of the session.
func (s *server) created(out generateOut) {
	switch {
	case out.TaskID != "":
		s.count(counts{created: 1})
		if out.Key != "" {
			s.mu.Lock()
			s.keys[out.TaskID] = out.Key
			s.mu.Unlock()
		}
	case out.Outcome == outcomeUnknown:
		s.count(counts{unknown: 1})
	}
}
