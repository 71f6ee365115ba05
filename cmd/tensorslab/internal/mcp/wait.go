package mcp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// defaultWait is below the time after which hosts commonly give up a call: a minute.
	defaultWait = 45 * time.Second
	maxWait     = 10 * time.Minute
	// heartbeat is the interval between notifications of progress, by which hosts know that
	// a call is alive.
	heartbeat = 10 * time.Second
)

// Outcomes of a wait, besides outcomeFailed.
const (
	outcomeCompleted  = "completed"
	outcomeUnfinished = "unfinished"
	outcomeError      = "error"
)

// waitIn are the arguments of wait.
type waitIn struct {
	TaskID         string `json:"task_id"`
	TimeoutSeconds int    `json:"timeout_seconds,omitempty" jsonschema:"how long to wait; 45 if it is left out"`
	ShowImages     *bool  `json:"show_images,omitempty" jsonschema:"whether to return the images, scaled down; true if it is left out"`
}

// waitOut is the result of wait.
type waitOut struct {
	Outcome string `json:"outcome" jsonschema:"completed; failed: the task made no images; unfinished: call wait again; error: nothing is known"`
	taskInfo
	Shown []shown `json:"shown,omitempty" jsonschema:"what is known of each image, in their order"`
	problem
}

const waitDescription = `Waits until a task has ended, and returns its images, scaled down. A task takes from 10 seconds to 2 minutes. ` +
	`If the outcome is unfinished, call wait again. Use download for the full images.`

func (s *server) addWait(to *sdk.Server) {
	addTool(s, to, reads, "wait", "Wait for a task", waitDescription, func(p map[string]*jsonschema.Schema) {
		between(p["timeout_seconds"], 1, maxWait.Seconds())
	}, s.waitFor)
}

func (s *server) waitFor(ctx context.Context, req *sdk.CallToolRequest, in waitIn) (r result[waitOut]) {
	stop := s.reportProgress(ctx, req)
	defer stop()
	data, err := s.wait(ctx, in)
	r.out.TaskID = in.TaskID
	var unfinished *wrapper.WaitError
	switch {
	case err == nil:
		r.out.Outcome, r.out.taskInfo = outcomeCompleted, s.infoOf(in.TaskID, data)
		r.out.problem = tooMany(data.URL)
		r.out.WhatToDo = "Call download for files of the full images."
		if in.ShowImages == nil || *in.ShowImages {
			r.out.Shown, r.images = s.show(ctx, data.URL)
		}
		return r
	case errors.Is(err, wrapper.ErrTaskFailed):
		r.out.Outcome, r.out.Status = outcomeFailed, cli.StatusName(cli.StatusFailed)
	case errors.As(err, &unfinished) && cli.StatusFor(err) == cli.Unfinished:
		r.out.Outcome = outcomeUnfinished
		if unfinished.Status != 0 {
			r.out.Status = cli.StatusName(unfinished.Status)
		}
	default:
		r.out.Outcome = outcomeError
	}
	r.out.problem = s.problemOf(err)
	if r.isError = r.out.Outcome != outcomeUnfinished; !r.isError {
		r.out.WhatToDo = "Call wait again. Do not generate again: the task continues."
	}
	return r
}

// wait waits for a task, and records how it has ended.
func (s *server) wait(ctx context.Context, in waitIn) (*generated.ImageInfoData, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	timeout := defaultWait
	if in.TimeoutSeconds > 0 {
		timeout = time.Duration(in.TimeoutSeconds) * time.Second
	}
	data, err := client.WaitForTask(ctx, in.TaskID, wrapper.WaitOptions{Timeout: timeout, Interval: s.interval})
	failed := new(wrapper.TaskFailedError)
	switch {
	case err == nil:
		s.record(ctx, fate{state: batch.Completed}, in.TaskID)
	case errors.As(err, &failed):
		s.record(ctx, fate{state: batch.Failed, reason: failed.Message}, in.TaskID)
	}
	return data, err
}

// reportProgress tells the host now and then that the call is alive, if it has asked for
// that. The caller must call stop.
func (s *server) reportProgress(ctx context.Context, req *sdk.CallToolRequest) (stop func()) {
	token := req.Params.GetProgressToken()
	if token == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		begin, ticker := time.Now(), time.NewTicker(heartbeat)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			seconds := time.Since(begin).Seconds()
			_ = req.Session.NotifyProgress(ctx, &sdk.ProgressNotificationParams{ // a host that has gone is noticed elsewhere
				ProgressToken: token, Progress: seconds, Message: fmt.Sprintf("waiting for %.0f s", seconds),
			})
		}
	}()
	return func() { cancel(); <-done }
}
