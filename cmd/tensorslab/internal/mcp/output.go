package mcp

import (
	"errors"
	"io"
	"sync"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// errNotRead is the error of a message that the host has not read by the end of the session.
var errNotRead = errors.New("the host does not read standard output")

// output is standard output without the key, whatever a message repeats. Messages are
// written whole.
type output struct {
	w      io.Writer
	secret *cli.Secret
	once   sync.Once
	closed chan struct{}
}

func newOutput(w io.Writer, secret *cli.Secret) *output {
	return &output{w: w, secret: secret, closed: make(chan struct{})}
}

// Write writes a message. Close ends it: nothing else ends a write to a pipe that is full.
func (o *output) Write(p []byte) (int, error) {
	text, written := o.secret.Text(string(p)), make(chan error, 1)
	go func() {
		_, err := io.WriteString(o.w, text)
		written <- err
	}()
	select {
	case err := <-written:
		if err != nil {
			return 0, err
		}
		return len(p), nil
	case <-o.closed:
		return 0, errNotRead
	}
}

// Close gives up what is being written. Standard output itself stays open.
func (o *output) Close() error {
	o.once.Do(func() { close(o.closed) })
	return nil
}
