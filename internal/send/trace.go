package send

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// trace sees whether one attempt ever had a connection to send on, and whether
// it was sent more than once. Each attempt has its own: hooks may still be called
// when an attempt is over, and httptrace writes into the ClientTrace that it is given.
type trace struct {
	context.Context // of the attempt; it is one itself, with a value under traceKey
	hooks           httptrace.ClientTrace
	wanted, gotten  atomic.Bool // wanted: the transport is known to report
	whole, again    atomic.Bool
	conn            atomic.Pointer[idleConn] // what the request was sent on, unless there were several
	use             uint64                   // of conn
	bodyRead        atomic.Bool              // where [Sender.do] watches the body
}

type traceKey struct{}

// watch returns ctx for the attempt that t is to see. If watchBody is to come, it also
// sees when the request has been sent: httptrace adds the hooks of a trace in ctx to
// those that are set by now.
func (t *trace) watch(ctx context.Context, whole bool) context.Context {
	t.Context = ctx
	t.hooks.GetConn = func(string) { t.wanted.Store(true) }
	t.hooks.GotConn = func(info httptrace.GotConnInfo) { t.got(info.Conn) }
	t.hooks.PutIdleConn = func(err error) {
		if conn := t.conn.Load(); conn != nil && err == nil {
			conn.free(t.use)
		}
	}
	if whole {
		t.hooks.WroteRequest = func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				t.whole.Store(true)
			}
		}
	}
	return httptrace.WithClientTrace(t, &t.hooks)
}

// got notes a connection to send on. If it is another one, a report that the connection
// is idle could be about either, and is not believed any more.
func (t *trace) got(conn net.Conn) {
	idle, use := idleConnOf(conn), uint64(0)
	if idle != nil {
		use = idle.take()
	}
	if t.gotten.Swap(true) {
		t.conn.Store(nil)
		return
	}
	t.use = use
	t.conn.Store(idle)
}

// Value is that of a context.
func (t *trace) Value(key any) any {
	if key == (traceKey{}) {
		return t
	}
	return t.Context.Value(key)
}

// reports tells the trace in ctx, if there is one, that the transport that
// comes next reports each connection before it sends on it. net/http's does:
// without GotConn nothing was sent, even if the context ended before GetConn. A
// protocol registered with a user's transport may report nothing.
func reports(ctx context.Context) {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		t.wanted.Store(true)
	}
}

// watchBody makes the trace see when net/http sends req, which is a copy, another
// time after the whole of it. Over HTTP/2 it does so automatically, and not only
// where the first was certainly not processed: PROTOCOL_ERROR is enough for it.
func (t *trace) watchBody(req *http.Request) {
	getBody := req.GetBody
	if getBody == nil {
		return
	}
	req.GetBody = func() (io.ReadCloser, error) {
		if t.whole.Load() {
			t.again.Store(true)
		}
		return getBody()
	}
}

// notSent is true only on evidence: a transport that does not report to the
// trace, as a user's own may not, is believed only if it could not connect. A body that was
// read may have been sent: such a transport may have lost one connection, which it did not
// report, and then failed to open another, which it or net/http did. net/http reads no
// body before it has reported a connection.
func (t *trace) notSent(err error) bool {
	if errors.As(err, new(*unprocessedError)) || errors.As(err, new(*proxyError)) {
		return true
	}
	return !t.gotten.Load() && !t.bodyRead.Load() && (t.wanted.Load() || couldNotConnect(err))
}

func couldNotConnect(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") || IsUntrusted(err)
}
