package fakeapi

import "net/http"

// exchange is one request that was read: the fault that it meets, what carries
// it out, and where the status of its answer is noted.
type exchange struct {
	fault    Fault
	carryOut func() answer
	note     func(status int)
}

// respond answers the request, or fails as the fault says.
func (e *endpoint) respond(w http.ResponseWriter, r *http.Request, x exchange) {
	switch x.fault.kind {
	case faultRespond:
		x.send(w, x.fault.answer)
	case faultDropRequest:
		panic(http.ErrAbortHandler)
	case faultDropAnswer:
		x.carryOut()
		panic(http.ErrAbortHandler)
	case faultTruncate:
		a := x.carryOut()
		x.sendPart(w, a, len(a.body)/2)
	case faultDelay:
		if !e.wait(r.Context(), x.fault.delay) {
			panic(http.ErrAbortHandler)
		}
		x.send(w, x.carryOut())
	default:
		x.send(w, x.carryOut())
	}
}

func (x exchange) send(w http.ResponseWriter, a answer) { x.sendPart(w, a, len(a.body)) }

// sendPart notes the status before it sends anything: a client that has its
// answer finds the request complete in the journal.
func (x exchange) sendPart(w http.ResponseWriter, a answer, sent int) {
	x.note(a.status)
	a.with(x.fault.header).send(w, sent)
}
