package fakeapi

import "errors"

// unlimited is the number of credits without [WithCredits].
const unlimited = -1

// WithCredits gives the service's user n credits, each for one image; the
// default is no limit. A negative number is an error. The response to a
// generation that costs more than are left is HTTP 200 with code 9000; it
// neither creates a task nor costs a credit. A task that fails or is deleted
// returns none.
func WithCredits(n int) Option {
	return optionFunc(func(c *config) error {
		if n < 0 {
			return errors.New("WithCredits: the number is negative")
		}
		c.credits = n
		return nil
	})
}

// Credits returns how many credits are left, -1 if there is no limit.
func (s *Server) Credits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.credits
}

// spend reports whether there were n credits, and takes them. The caller holds
// the lock.
func (s *Server) spend(n int) bool {
	if s.credits == unlimited {
		return true
	}
	if s.credits < n {
		return false
	}
	s.credits -= n
	return true
}
