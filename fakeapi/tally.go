package fakeapi

import "maps"

// Tally counts all requests of a server, also those that [Server.Requests] has no more.
type Tally struct {
	Calls    map[string]int // the number of requests, by operationId; under "" those that have none
	Breaches int            // how many violated the contract
	Tasks    int            // how many tasks were generated
}

// Tally returns what was counted so far. [Server.ResetRequests] does not change it.
func (s *Server) Tally() Tally {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Tally{Calls: maps.Clone(s.tally.Calls), Breaches: s.tally.Breaches, Tasks: s.tasks.made}
}
