package fakeapi

import (
	"errors"
	"net/http"
)

// fullPlan is the response of a full plan without [WithFullPlan].
var fullPlan = errorResponse(http.StatusTooManyRequests, "Too many tasks under way")

// WithMaxTasks lets at most n tasks be under way at once, as a plan of the service
// does; the default is no limit, and n below 1 is an error. A task is under way
// from its creation until a query would say completed or failed, or until it is
// deleted; see [TaskLife]. The response to a generation beyond the limit is HTTP
// 429 with code 9999, or that of [WithFullPlan]; it neither creates a task nor costs
// a credit.
func WithMaxTasks(n int) Option {
	return optionFunc(func(c *config) error {
		if n < 1 {
			return errors.New("WithMaxTasks: the number is less than 1")
		}
		c.maxTasks = n
		return nil
	})
}

// WithFullPlan sets the response to a generation beyond the limit of
// [WithMaxTasks]: a fault that responds, such as [RateLimit],
// BusinessCode(9999, "…") or [Respond]. Any other fault is an error.
func WithFullPlan(f Fault) Option {
	return optionFunc(func(c *config) error {
		if f.kind != faultRespond || f.acts {
			return errors.New("WithFullPlan: the fault is not only a response")
		}
		c.fullPlan = f.response.with(f.header)
		return nil
	})
}

// UnderWay returns how many tasks are under way now, as [WithMaxTasks] counts them.
func (s *Server) UnderWay() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tasks.underWay()
}

// isFull reports whether the plan has no room for another task. The caller holds
// the lock.
func (s *Server) isFull() bool { return s.maxTasks > 0 && s.tasks.underWay() >= s.maxTasks }
