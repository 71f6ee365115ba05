package testkit

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// Frame types and flags of HTTP/2 (RFC 9113, section 6).
const (
	frameData, frameHeaders, frameReset, frameSettings, framePing, frameGoAway byte = 0, 1, 3, 4, 6, 7

	flagEndStream, flagAck, flagEndHeaders byte = 1, 1, 4
)

// HTTP2Code is an error code of HTTP/2 (RFC 9113, section 7).
type HTTP2Code uint32

// Error codes of HTTP/2.
const (
	NoError         HTTP2Code = 0x0
	ProtocolError   HTTP2Code = 0x1
	InternalError   HTTP2Code = 0x2
	RefusedStream   HTTP2Code = 0x7
	Cancel          HTTP2Code = 0x8
	EnhanceYourCalm HTTP2Code = 0xb
)

// HTTP2Conn is the server's end of an HTTP/2 connection. It knows just enough
// of the protocol to end a stream in each way that there is.
type HTTP2Conn struct{ net.Conn }

func (c HTTP2Conn) writeFrame(kind, flags byte, stream uint32, payload []byte) {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	head = binary.BigEndian.AppendUint32(append(head, flags), stream)
	_, _ = c.Write(append(head, payload...))
}

func (c HTTP2Conn) readFrame() (kind, flags byte, stream uint32, payload []byte, err error) {
	head := make([]byte, 9)
	if _, err = io.ReadFull(c, head); err != nil {
		return 0, 0, 0, nil, err
	}
	payload = make([]byte, binary.BigEndian.Uint32(head)>>8)
	_, err = io.ReadFull(c, payload)
	return head[3], head[4], binary.BigEndian.Uint32(head[5:]), payload, err
}

// HTTP2Response ends a stream whose request has arrived whole.
type HTTP2Response func(c HTTP2Conn, stream uint32)

// HTTP2JSON responds with status 200 and a JSON body.
func HTTP2JSON(body string) HTTP2Response {
	return func(c HTTP2Conn, stream uint32) {
		const mediaType = "application/json"
		header := append([]byte{0x88, 0x0f, 0x10, byte(len(mediaType))}, mediaType...) // :status 200, content-type (RFC 7541)
		c.writeFrame(frameHeaders, flagEndHeaders, stream, header)
		c.writeFrame(frameData, flagEndStream, stream, []byte(body))
	}
}

// HTTP2Reset resets the stream.
func HTTP2Reset(code HTTP2Code) HTTP2Response {
	return func(c HTTP2Conn, stream uint32) {
		c.writeFrame(frameReset, 0, stream, binary.BigEndian.AppendUint32(nil, uint32(code)))
	}
}

// HTTP2GoAway announces the end of the connection. Streams after the last one
// were certainly not processed: included says whether this one may have been,
// in which case the connection is closed as well.
func HTTP2GoAway(included bool, code HTTP2Code) HTTP2Response {
	return func(c HTTP2Conn, stream uint32) {
		last := stream
		if !included {
			last--
		}
		c.writeFrame(frameGoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), uint32(code)))
		if included {
			_ = c.Close()
		}
	}
}

// HTTP2Close closes the connection without a word.
func HTTP2Close(c HTTP2Conn, _ uint32) { _ = c.Close() }

// HTTP2Server ends the nth request with the nth response, and all later ones
// with the last. It records the bodies of the requests.
type HTTP2Server struct {
	responses []HTTP2Response

	mu     sync.Mutex
	bodies []string
}

// NewHTTP2Server starts a server of HTTP/2 without TLS. It returns the server
// and its URL.
func NewHTTP2Server(tb testing.TB, responses ...HTTP2Response) (s *HTTP2Server, url string) {
	tb.Helper()
	s = &HTTP2Server{responses: responses}
	return s, "http://" + Listen(tb, s.serve)
}

func (s *HTTP2Server) serve(conn *Conn) {
	c := HTTP2Conn{conn.Conn}
	if _, err := io.ReadFull(c, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	c.writeFrame(frameSettings, 0, 0, nil)
	bodies := map[uint32]string{}
	for {
		kind, flags, stream, payload, err := c.readFrame()
		switch {
		case err != nil:
			return
		case kind == frameSettings && flags&flagAck == 0:
			c.writeFrame(kind, flagAck, 0, nil)
		case kind == framePing && flags&flagAck == 0:
			c.writeFrame(kind, flagAck, 0, payload)
		case kind == frameData:
			bodies[stream] += string(payload)
		}
		if (kind == frameData || kind == frameHeaders) && flags&flagEndStream != 0 {
			s.next(bodies[stream])(c, stream)
		}
	}
}

func (s *HTTP2Server) next(body string) HTTP2Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, body)
	return s.responses[min(len(s.bodies), len(s.responses))-1]
}

// Bodies returns the bodies of the requests that arrived whole so far.
func (s *HTTP2Server) Bodies() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies
}
