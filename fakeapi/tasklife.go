package fakeapi

import (
	"errors"
	"time"
)

// TaskLife is the course of a generated task. It is counted in queries and not
// in time, so that it is the same in each run: after Queued queries that say queued
// and Processing ones that say processing, the task is completed, or failed if Fail
// is not empty. With the zero value, the first query says completed. How long a test
// takes depends on its client's interval between queries, which is 2 seconds at first
// for the wrapper's WaitForTask; tests set WaitOptions{Interval: time.Millisecond}.
//
// With Lasts, the life is that long by the clock, and queries are not counted: for
// trying out a client by hand, and for tests of programs that query at their own pace.
type TaskLife struct {
	Queued     int           // the number of queries with image_status 1
	Processing int           // the number of queries after them with image_status 2
	Fail       string        // the error_message of a task that fails
	Lasts      time.Duration // if above 0: queued for a quarter of it, then processing
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
		switch {
		case l.Queued < 0 || l.Processing < 0:
			return errors.New("WithTaskLife: a number of queries is negative")
		case l.Lasts < 0:
			return errors.New("WithTaskLife: the duration is negative")
		}
		c.life = l
		return nil
	})
}

// ScriptNext sets the life of the next n tasks that are generated, whatever they
// are; n below 1 does nothing, and a negative number or duration counts as none.
// Calls queue up as those of [Server.FailNext] do. A request that creates no task
// uses none of them.
func (s *Server) ScriptNext(n int, l TaskLife) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives.push(n, TaskLife{Queued: max(0, l.Queued), Processing: max(0, l.Processing), Fail: l.Fail, Lasts: max(0, l.Lasts)})
}

// statusAfter returns the status of a task of this age that was queried this many times.
func (l TaskLife) statusAfter(queries int, age time.Duration) taskStatus {
	switch {
	case age < l.Lasts/4:
		return taskQueued
	case age < l.Lasts:
		return taskProcessing
	case l.Lasts == 0 && queries < l.Queued:
		return taskQueued
	case l.Lasts == 0 && queries-l.Queued < l.Processing:
		return taskProcessing
	case l.Fail != "":
		return taskFailed
	}
	return taskCompleted
}
