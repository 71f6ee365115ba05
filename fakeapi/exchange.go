package fakeapi

import (
	"net/http"
	"sync"
)

// exchange is one request that was read: the fault that it meets, the function
// that carries it out, and the one that records the status of its response.
type exchange struct {
	fault    Fault
	carryOut func() response
	record   func(status int)
	hold     func() // returns once the response may be sent
}

// respond sends the response to a request, or fails as the fault says.
func (e *endpoint) respond(w http.ResponseWriter, r *http.Request, x exchange) {
	usual := sync.OnceValue(x.carryOut)
	x.hold = func() {
		if !e.wait(r.Context(), e.latency) {
			panic(http.ErrAbortHandler)
		}
	}
	if x.fault.acts {
		usual()
	}
	switch x.fault.kind {
	case faultRespond:
		x.send(w, x.fault.response)
	case faultDrop:
		panic(http.ErrAbortHandler)
	case faultTruncate:
		x.sendPart(w, usual(), len(usual().body)/2)
	case faultDelay:
		if !e.wait(r.Context(), x.fault.delay) {
			panic(http.ErrAbortHandler)
		}
		x.send(w, usual())
	default:
		x.send(w, usual())
	}
}

func (x exchange) send(w http.ResponseWriter, r response) { x.sendPart(w, r, len(r.body)) }

// sendPart records the status before it sends anything, so that a client that
// has its response finds the request complete in the journal.
func (x exchange) sendPart(w http.ResponseWriter, r response, sent int) {
	x.hold()
	x.record(r.status)
	r.with(x.fault.header).send(w, sent)
}
