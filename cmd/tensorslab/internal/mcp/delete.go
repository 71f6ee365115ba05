package mcp

import (
	"context"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxDeleted is how many tasks a call deletes at most.
const maxDeleted = 100

// outcomeDeleted is the outcome of a deletion that was confirmed. The others are those of
// outcomeOf.
const outcomeDeleted = "deleted"

// deleteIn are the arguments of delete.
type deleteIn struct {
	TaskIDs []string `json:"task_ids" jsonschema:"the ids of the tasks, each of which the user wants deleted"`
}

// deletion is what became of one task.
type deletion struct {
	TaskID  string `json:"task_id"`
	Outcome string `json:"outcome" jsonschema:"deleted; refused, failed or not_sent: it exists as before; unknown: it may be deleted"`
	problem
}

// deleteOut is the result of delete.
type deleteOut struct {
	Deleted int        `json:"deleted" jsonschema:"how many deletions were confirmed"`
	Tasks   []deletion `json:"tasks" jsonschema:"each task of the call, once"`
}

const deleteDescription = `Deletes image tasks and their images at the service, for good; files that were saved stay. Only delete what the user asked to delete. ` +
	`To repeat a deletion is safe and costs nothing.`

func (s *server) addDelete(to *sdk.Server) {
	addTool(s, to, deletes, "delete", "Delete tasks", deleteDescription, func(p map[string]*jsonschema.Schema) {
		least, most := 1, maxDeleted
		p["task_ids"].MinItems, p["task_ids"].MaxItems = &least, &most
	}, func(ctx context.Context, _ *sdk.CallToolRequest, in deleteIn) result[deleteOut] {
		out := s.deleteTasks(ctx, in.TaskIDs)
		return result[deleteOut]{out: out, isError: out.Deleted < len(out.Tasks)}
	})
}

// deleteTasks deletes each task once, and accounts for each.
func (s *server) deleteTasks(ctx context.Context, taskIDs []string) deleteOut {
	ids := unique(taskIDs)
	became := s.purge(ctx, ids)
	out := deleteOut{Tasks: []deletion{}}
	var deleted []string
	for _, id := range ids {
		err, known := became[id]
		if !known { // the call ended before its turn
			err = errEnded
		}
		if err == nil {
			deleted = append(deleted, id)
		}
		out.Tasks = append(out.Tasks, s.deletion(id, err))
	}
	out.Deleted = len(deleted)
	s.record(ctx, fate{state: batch.Deleted}, deleted...)
	s.Warn("delete: " + cli.Count(out.Deleted, "task") + " confirmed deleted of " + cli.NameIDs(ids))
	return out
}

// purge returns the error of each id that it has read, which is nil if the deletion was
// confirmed.
func (s *server) purge(ctx context.Context, ids []string) map[string]error {
	became := make(map[string]error)
	client, err := s.connect(ctx)
	if err != nil {
		for _, id := range ids {
			became[id] = err
		}
		return became
	}
	for batch, err := range client.PurgeImagesTasks(ctx, slices.Values(ids), wrapper.PurgeOptions{Isolate: true}) {
		for _, id := range batch {
			became[id] = err
		}
	}
	return became
}

// unique returns ids without repetitions.
func unique(ids []string) []string {
	var once []string
	for _, id := range ids {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}

func (s *server) deletion(id string, err error) deletion {
	d := deletion{TaskID: id, Outcome: outcomeDeleted, problem: s.problemOf(err)}
	switch {
	case err == nil:
	case cli.StatusOf(err) == cli.Auth, err == errEnded: //nolint:errorlint // there was no request
		d.Outcome = outcomeNotSent
	default:
		d.Outcome = outcomeOf(err)
	}
	if d.Outcome == outcomeUnknown || d.Outcome == outcomeFailed {
		d.WhatToDo = "You may delete it again."
	}
	return d
}
