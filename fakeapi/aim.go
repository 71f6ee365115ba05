package fakeapi

import (
	"fmt"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// aim is a fault of certain requests, by their numbers.
type aim struct {
	operations  []*contract.Operation // of which requests are counted; all if there are none
	first, last int                   // the numbers, from 1 for the next request
	fault       Fault
}

// aims are the faults that were aimed at requests by their numbers.
type aims []aim

// next counts a request, and returns its fault if there is one: the one that was aimed
// first.
func (a *aims) next(op *contract.Operation) (fault Fault, found bool) {
	left := (*a)[:0]
	for _, one := range *a {
		if one.counts(op) {
			if !found && one.first <= 1 {
				fault, found = one.fault, true
			}
			one.first, one.last = one.first-1, one.last-1
		}
		if one.last > 0 {
			left = append(left, one)
		}
	}
	clear((*a)[len(left):])
	*a = left
	return fault, found
}

func (a aim) counts(op *contract.Operation) bool {
	for _, wanted := range a.operations {
		if wanted == op {
			return true
		}
	}
	return len(a.operations) == 0
}

// FailCalls applies f to the requests of some operations from the first one to the
// last one, which are counted together and from 1 for the next one. The operations are
// named as for [Server.FailNextOn]; without any, all requests count. First below 1
// counts as 1, and last below first does nothing.
//
//	srv.FailCalls(3, 3, fakeapi.DropAnswer(), "seeDreamV4", "seeDreamV45")
//
// drops the response to the third of these generations. Each call counts for itself.
// If two of them have a fault for a request, it takes that of the earlier one; those of
// [Server.FailNextOn] and [Server.FailNext] come after, and wait for a later request.
func (s *Server) FailCalls(first, last int, f Fault, operations ...string) {
	aimed := aim{first: max(1, first), last: last, fault: f}
	for _, name := range operations {
		op := s.documents.operation(name)
		if op == nil {
			s.misuse(fmt.Sprintf("fakeapi: FailCalls: the contract has no operation %q", name))
			return
		}
		aimed.operations = append(aimed.operations, op)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls.add(aimed)
}

// FailCalls applies f to the requests to the image host from the first one to the last
// one, counted as [Server.FailCalls] does.
func (h *ImageHost) FailCalls(first, last int, f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls.add(aim{first: max(1, first), last: last, fault: f})
}

func (a *aims) add(one aim) {
	if one.last >= one.first {
		*a = append(*a, one)
	}
}
