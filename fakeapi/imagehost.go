package fakeapi

import (
	"fmt"
	"net/http"
	"sync"
)

// maxImageHeader bounds the search for keys, and is enough for any header.
const maxImageHeader = 64 << 10

// ImageHost serves the images of completed tasks, as a storage provider does for
// the service: it is another host, which must never be sent the API key. It has
// no list of its images. It is safe for concurrent use; printed, it shows its
// URL and nothing else.
//
// A request that carries the key is a leak: an Authorization header of any
// kind, another of the contract's credential headers, or a key that the API
// knows or was sent, anywhere in the header or the URL. The response to a leak
// is HTTP 400; it also fails the test of [Start] through its Errorf, strict or
// not.
type ImageHost struct {
	// URL is the base URL: scheme, host and port, with no trailing slash.
	URL string

	endpoint endpoint
	known    *knownKeys
	secret   map[string]bool
	find     func(path string) []byte
	report   func(format string, args ...any)

	mu      sync.Mutex // guards what follows
	journal *journal
	faults  queue[Fault]
	calls   aims
	leaks   int
}

func newImageHost(s *Server) *ImageHost {
	return &ImageHost{known: s.known, secret: s.secret, find: s.imageAt, report: s.report, journal: newJournal()}
}

// ImageHost returns the second host of the server, which serves the images.
func (s *Server) ImageHost() *ImageHost { return s.images }

// Requests returns copies of the requests received, in the order they arrived,
// with keys redacted, as [Server.Requests] does. Their bodies are not kept.
func (h *ImageHost) Requests() []Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.journal.list()
}

// FailNext applies f to the next n requests to the image host, as
// [Server.FailNext] does for the API. For a redirect, use [Respond] with a
// status of 3xx and [Fault.WithHeader] with Location.
func (h *ImageHost) FailNext(n int, f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults.push(n, f)
}

// Leaks returns how many requests carried a key.
func (h *ImageHost) Leaks() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.leaks
}

// Format prints the URL, whatever the verb.
func (h *ImageHost) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "fakeapi.ImageHost(%s)", h.URL) }

// serve handles every request to the image host.
func (h *ImageHost) serve(w http.ResponseWriter, r *http.Request) {
	keys, leaked := h.search(r)
	entry, fault := h.arrive(r, keys, leaked)
	if leaked && h.report != nil {
		h.report("fakeapi: %s %q took the API key to the image host: send the key to the API alone",
			r.Method, entry.request.Path)
	}
	h.endpoint.respond(w, r, exchange{fault: fault,
		carryOut: func() response { return h.respond(r, leaked) },
		record: func(status int) {
			h.mu.Lock()
			defer h.mu.Unlock()
			entry.request.Status = status
		}})
}

// search returns the keys to take out of the record, and whether the request
// is a leak.
func (h *ImageHost) search(r *http.Request) (keys scrubber, leaked bool) {
	keys = h.known.in(r)
	leaked = len(keys) > 0
	for name := range r.Header {
		leaked = leaked || h.secret[name]
	}
	return keys, leaked
}

func (h *ImageHost) arrive(r *http.Request, keys scrubber, leaked bool) (*entry, Fault) {
	request := requestOf(r, h.secret, keys)
	h.mu.Lock()
	defer h.mu.Unlock()
	if leaked {
		h.leaks++
	}
	f, ok := h.calls.next(nil)
	if !ok {
		f = h.faults.next(Fault{})
	}
	return h.journal.add(request), f
}

func (h *ImageHost) respond(r *http.Request, leaked bool) response {
	switch {
	case leaked:
		return textResponse(http.StatusBadRequest, "this host must not be sent the API key")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return textResponse(http.StatusMethodNotAllowed, "use GET or HEAD").
			with(http.Header{"Allow": {"GET, HEAD"}})
	}
	if image := h.find(r.URL.EscapedPath()); image != nil {
		return response{status: http.StatusOK, contentType: "image/png", body: image}
	}
	return textResponse(http.StatusNotFound, "there is no such image")
}

func textResponse(status int, text string) response {
	return response{status: status, contentType: "text/plain; charset=utf-8", body: []byte(text + "\n")}
}
