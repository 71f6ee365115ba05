package fakeapi

import "errors"

// TaskLife is the course of a generated task. It is counted in queries and not
// in time, so that it is the same in each run: after Queued queries that say queued
// and Processing ones that say processing, the task is completed, or failed if Fail
// is not empty. With the zero value, the first query says completed. How long a test
// takes depends on its client's interval between queries, which is 2 seconds at first
// for the wrapper's WaitForTask; tests set WaitOptions{Interval: time.Millisecond}.
type TaskLife struct {
	Queued     int    // the number of queries with image_status 1
	Processing int    // the number of queries after them with image_status 2
	Fail       string // the error_message of a task that fails
}

// taskStatus is a value of image_status, which the contract describes in words.
type taskStatus int

const (
	taskQueued taskStatus = 1 + iota
	taskProcessing
	taskCompleted
	taskFailed
)

// defaultLife has each status once.
var defaultLife = TaskLife{Queued: 1, Processing: 1}

// WithTaskLife sets the life of every task that is generated. The default is one
// query that says queued and one that says processing. A negative number is an
// error. See also [Server.ScriptNext].
func WithTaskLife(l TaskLife) Option {
	return optionFunc(func(c *config) error {
		if l.Queued < 0 || l.Processing < 0 {
			return errors.New("WithTaskLife: a number of queries is negative")
		}
		c.life = l
		return nil
	})
}

// ScriptNext sets the life of the next n tasks that are generated, whatever they
// are; n below 1 does nothing, and a negative number of queries counts as none.
// Calls queue up as those of [Server.FailNext] do. A request that creates no task
// uses none of them.
func (s *Server) ScriptNext(n int, l TaskLife) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives.push(n, TaskLife{Queued: max(0, l.Queued), Processing: max(0, l.Processing), Fail: l.Fail})
}

// statusAfter returns the status of a task that was queried this many times.
func (l TaskLife) statusAfter(queries int) taskStatus {
	switch {
	case queries < l.Queued:
		return taskQueued
	case queries-l.Queued < l.Processing:
		return taskProcessing
	case l.Fail != "":
		return taskFailed
	}
	return taskCompleted
}
