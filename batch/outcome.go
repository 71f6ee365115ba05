package batch

import (
	"errors"
	"strings"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// verdict is what the response to a submission means for its job.
type verdict int

const (
	created  verdict = iota // there is a task, and its id is known
	doubtful                // there may be a task
	rejected                // there is no task, and there won't be one
	ended                   // the same, for all jobs: the key or the credits
	noPlace                 // there is no task now: too many requests, or tasks
	notSent                 // the service was not reached
)

// judge reads the result of Generate. What may have been paid comes first.
func judge(err error) verdict {
	switch {
	case err == nil, namedTask(err) != "":
		return created
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return doubtful
	case errors.Is(err, wrapper.ErrInvalidRequest):
		return rejected
	case errors.Is(err, wrapper.ErrNotSent):
		return notSent
	case errors.Is(err, wrapper.ErrInsufficientCredits), errors.Is(err, wrapper.ErrUnauthorized):
		return ended
	case errors.Is(err, wrapper.ErrRateLimited), isFullPlan(err):
		return noPlace
	}
	return rejected
}

// namedTask returns the task that is named by a response that is an error: it may
// have been paid, and can be waited for.
func namedTask(err error) string {
	var refused *wrapper.APIError
	var broken *wrapper.ContractError
	var lost *wrapper.TransportError
	switch {
	case errors.As(err, &refused):
		return refused.TaskID
	case errors.As(err, &broken):
		return broken.TaskID
	case errors.As(err, &lost):
		return lost.TaskID
	}
	return ""
}

// isFullPlan guesses from the service's message whether a failure, which had no
// effect, only means that the plan allows no further task now: the contract has
// no code for that.
func isFullPlan(err error) bool {
	var refused *wrapper.APIError
	if !errors.As(err, &refused) || refused.Code != wrapper.CodeFailure {
		return false
	}
	text := strings.ToLower(refused.Message)
	for _, sign := range []string{"too many", "concurren", "parallel", "task limit", "tasks limit", "limit of tasks", "in progress", "queue", "busy"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
