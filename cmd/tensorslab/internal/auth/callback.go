package auth

import (
	"context"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"sync"
	"time"
)

// callback receives the key from TensorsLab's page: a listener on loopback to which the
// page POSTs a form with a field token. The protocol has no state parameter by which to
// know the page again, so that any page that the person visits meanwhile may POST a key
// of its own. What protects from that is in admits.
type callback struct {
	host    string // 127.0.0.1 and the port
	trusted string // the origin of TensorsLab's page
	server  *http.Server
	served  sync.WaitGroup

	received chan string   // the key, once
	ended    chan struct{} // closed when result is set
	result   page

	showing sync.WaitGroup // requests that wait for the result

	mu      sync.Mutex
	asked   []question // the oldest first
	taken   string     // the nonce of the question that was answered, if there was one
	isTaken bool
}

// maxForm is in bytes. It is far above the size of any key.
const maxForm = 8 << 10

// listen starts to receive on any free port of 127.0.0.1.
func listen(ctx context.Context, trusted string) (*callback, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &callback{host: listener.Addr().String(), trusted: trusted, received: make(chan string, 1), ended: make(chan struct{})}
	c.server = &http.Server{
		Handler: c, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second,
		MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0),
	}
	c.server.SetKeepAlivesEnabled(false)
	c.served.Go(func() { _ = c.server.Serve(listener) })
	return c, nil
}

// address returns where the page is to POST the key.
func (c *callback) address() string { return "http://" + c.host + "/callback" }

// wait returns the key, or the error of ctx.
func (c *callback) wait(ctx context.Context) (string, error) {
	select {
	case key := <-c.received:
		return key, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// close shows the result in the browser and ends the listener. It does not wait for
// connections on which no key came: browsers open some in advance.
func (c *callback) close(result page) {
	c.mu.Lock()
	c.isTaken, c.result = true, result
	close(c.ended)
	c.mu.Unlock()
	c.showing.Wait()
	_ = c.server.Close()
	c.served.Wait()
}

// ServeHTTP receives the form of the page, and the answer to a question.
func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Host != c.host: // a name that was made to lead here, by DNS rebinding
		refuse(w, http.StatusMisdirectedRequest, "This address is for "+c.host+" only.")
		return
	case r.URL.Path != "/callback" && r.URL.Path != "/confirm":
		refuse(w, http.StatusNotFound, "There is nothing here.")
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "The key is sent by the page that the command named in the terminal. Open that one.")
		return
	case media != "application/x-www-form-urlencoded":
		refuse(w, http.StatusUnsupportedMediaType, "Only a form is accepted.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			refuse(w, http.StatusRequestEntityTooLarge, "The form is too large.")
			return
		}
		refuse(w, http.StatusBadRequest, "The form cannot be read.")
		return
	}
	if r.URL.Path == "/confirm" {
		c.confirm(w, r)
		return
	}
	c.receive(w, r)
}
