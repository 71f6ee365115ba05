package batch

import (
	"cmp"
	"errors"
	"strings"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Verdict is what the response to a submission means for its job.
type Verdict int

// The verdicts of [Judge].
const (
	VerdictCreated Verdict = iota // there is a task, and its id is known
	VerdictInDoubt                // there may be a task
	VerdictRefused                // there is no task, and the same request will be rejected again
	VerdictStop                   // there is no task, and no job gets one: the key or the credits are rejected
	VerdictNoPlace                // there is no task now: too many requests, or tasks
	VerdictNotSent                // the service was not reached
)

// Judge reads the result of [wrapper.Client.Generate], for those who submit jobs by other means
// than [Run]. taskID is the id that was returned, or the one that the response names although
// it is an error; with one, the verdict is VerdictCreated. What may have been paid comes first.
func Judge(id string, err error) (v Verdict, taskID string) {
	taskID = cmp.Or(id, namedTask(err))
	return judge(err), taskID
}

func judge(err error) Verdict {
	switch {
	case err == nil, namedTask(err) != "":
		return VerdictCreated
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return VerdictInDoubt
	case errors.Is(err, wrapper.ErrInvalidRequest):
		return VerdictRefused
	case errors.Is(err, wrapper.ErrNotSent):
		return VerdictNotSent
	case errors.Is(err, wrapper.ErrInsufficientCredits), errors.Is(err, wrapper.ErrUnauthorized):
		return VerdictStop
	case errors.Is(err, wrapper.ErrRateLimited), isFullPlan(err):
		return VerdictNoPlace
	}
	return VerdictRefused
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
