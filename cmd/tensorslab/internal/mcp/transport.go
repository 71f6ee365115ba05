package mcp

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// transport lets a session end in order. By itself the SDK cancels all calls once its input
// has ended, and sends no response any more, so that nobody would get to know of a task that
// is being paid for at that moment.
type transport struct {
	sdk.Transport
	session   context.Context //nolint:containedctx // whose end ends the session
	end       func()          // ends it
	cancelled func(request string)
	drain     time.Duration // how long responses are awaited after the end
}

// Connect implements the interface of the SDK.
func (t *transport) Connect(ctx context.Context) (sdk.Connection, error) {
	inner, err := t.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{
		Connection: inner, session: t.session, end: t.end, cancelled: t.cancelled, drain: t.drain,
		underWay: make(map[jsonrpc.ID]bool), changed: make(chan struct{}, 1),
	}, nil
}

// connection is one session. It knows the calls that have no response yet.
type connection struct {
	sdk.Connection
	session   context.Context //nolint:containedctx // see transport
	end       func()
	cancelled func(request string) // is called with the id of each call that the host cancels
	drain     time.Duration

	mu       sync.Mutex
	underWay map[jsonrpc.ID]bool
	broken   bool          // nothing can be written any more
	changed  chan struct{} // gets a value when the fields above have changed
}

// Read returns the next message. After the last one, or when the session has ended, it
// waits for the responses to the calls under way. They do not take long then: see
// server.begin.
func (c *connection) Read(ctx context.Context) (jsonrpc.Message, error) {
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	detach := context.AfterFunc(c.session, cancel)
	defer detach()
	msg, err := c.Connection.Read(reading)
	if err == nil {
		c.begin(msg)
		return msg, nil
	}
	if c.session.Err() != nil {
		err = io.EOF
	}
	c.end()
	c.await(c.drain)
	_ = c.Close() // a host that does not read would keep the process: see output
	return nil, err
}

func (c *connection) begin(msg jsonrpc.Message) {
	call, ok := msg.(*jsonrpc.Request)
	if ok {
		c.follow(call)
	}
	if !ok || !call.IsCall() || call.Method == "subscriptions/listen" { // which has no end of its own
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underWay[call.ID] = true
}

// await returns once no call is under way, no response can be sent any more, or d has passed.
func (c *connection) await(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		c.mu.Lock()
		done := c.broken || len(c.underWay) == 0
		c.mu.Unlock()
		if done {
			return
		}
		select {
		case <-c.changed:
		case <-timer.C:
			return
		}
	}
}

// Write sends a message.
func (c *connection) Write(ctx context.Context, msg jsonrpc.Message) error {
	err := c.Connection.Write(ctx, msg)
	c.mu.Lock()
	defer c.mu.Unlock()
	if response, ok := msg.(*jsonrpc.Response); ok {
		delete(c.underWay, response.ID)
	}
	c.broken = c.broken || err != nil
	select {
	case c.changed <- struct{}{}:
	default:
	}
	return err
}
