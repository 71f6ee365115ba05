package mcp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
)

// input is standard input. It passes on at most one line at a time, so that an error can
// name the line.
type input struct {
	r      *bufio.Reader
	within bool         // what was passed on last did not end a line
	lines  atomic.Int64 // how many lines have begun
}

func newInput(r io.Reader) *input { return &input{r: bufio.NewReaderSize(r, 64<<10)} }

func (in *input) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := in.r.Peek(1); err != nil {
		return 0, err
	}
	waiting, _ := in.r.Peek(in.r.Buffered()) // all of it is there
	if end := bytes.IndexByte(waiting, '\n') + 1; end > 0 {
		waiting = waiting[:end]
	}
	n := copy(p, waiting)
	_, _ = in.r.Discard(n) // the same
	if !in.within {
		in.lines.Add(1)
	}
	in.within = p[n-1] != '\n'
	return n, nil
}

// Close does nothing: standard input is not of this session alone.
func (in *input) Close() error { return nil }

// explain words an error of a session. What the SDK says of a line repeats a part of it.
func (in *input) explain(err error) error {
	line := in.lines.Load()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax), strings.Contains(err.Error(), "invalid trailing data"):
		return fmt.Errorf("line %d of standard input is not JSON; the session ended", line)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("standard input ended in the middle of a message, in line %d; the session ended", line)
	case strings.Contains(err.Error(), "maximum line length"):
		return fmt.Errorf("line %d of standard input is too long; the session ended", line)
	case strings.Contains(err.Error(), "jsonrpc"), strings.Contains(err.Error(), "message version"), strings.Contains(err.Error(), "batch"):
		return errors.New("standard input has a message that is not JSON-RPC 2.0; the session ended")
	}
	return err
}
