package wrapper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Frame types, flags and error codes of HTTP/2 (RFC 9113, 6 and 7).
const (
	frameData, frameHeaders, frameReset, frameSettings, framePing, frameGoAway byte = 0, 1, 3, 4, 6, 7

	flagEnd, flagAck, flagEndHeaders byte = 1, 1, 4

	codeNone, codeProtocol, codeInternal, codeRefused, codeCancel, codeCalm uint32 = 0, 1, 2, 7, 8, 11
)

// framer speaks just enough HTTP/2, over a socket, to end streams in each way
// that there is.
type framer struct{ net.Conn }

func (c framer) write(kind, flags byte, stream uint32, payload []byte) {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	head = binary.BigEndian.AppendUint32(append(head, flags), stream)
	_, _ = c.Write(append(head, payload...))
}

func (c framer) read() (kind, flags byte, stream uint32, payload []byte, err error) {
	head := make([]byte, 9)
	if _, err = io.ReadFull(c, head); err != nil {
		return
	}
	payload = make([]byte, binary.BigEndian.Uint32(head)>>8)
	_, err = io.ReadFull(c, payload)
	return head[3], head[4], binary.BigEndian.Uint32(head[5:]), payload, err
}

// answerTo a request that has arrived whole.
type answerTo func(c framer, stream uint32)

func reset(code uint32) answerTo {
	return func(c framer, stream uint32) {
		c.write(frameReset, 0, stream, binary.BigEndian.AppendUint32(nil, code))
	}
}

// goAway says that streams up to the last may have been processed.
func goAway(last func(stream uint32) uint32, code uint32) answerTo {
	return func(c framer, stream uint32) {
		c.write(frameGoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last(stream)), code))
		if last(stream) >= stream {
			c.Close()
		}
	}
}

func before(stream uint32) uint32 { return stream - 1 }
func with(stream uint32) uint32   { return stream }

func task(c framer, stream uint32) {
	const json = "application/json"
	header := append([]byte{0x88, 0x0f, 0x10, byte(len(json))}, json...) // :status 200, content-type
	c.write(frameHeaders, flagEndHeaders, stream, header)
	c.write(frameData, flagEnd, stream, []byte(taskBody))
}

// http2Service gives the nth request the nth answer.
type http2Service struct {
	answers []answerTo
	mu      sync.Mutex
	bodies  []string
}

func (s *http2Service) serve(conn net.Conn) {
	defer conn.Close()
	c := framer{conn}
	if _, err := io.ReadFull(c, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	c.write(frameSettings, 0, 0, nil)
	bodies := map[uint32]string{}
	for {
		kind, flags, stream, payload, err := c.read()
		switch {
		case err != nil:
			return
		case kind == frameSettings && flags&flagAck == 0:
			c.write(kind, flagAck, 0, nil)
		case kind == framePing && flags&flagAck == 0:
			c.write(kind, flagAck, 0, payload)
		case kind == frameData:
			bodies[stream] += string(payload)
		}
		if (kind == frameData || kind == frameHeaders) && flags&flagEnd != 0 {
			s.next(bodies[stream])(c, stream)
		}
	}
}

func (s *http2Service) next(body string) answerTo {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, body)
	return s.answers[min(len(s.bodies), len(s.answers))-1]
}

func (s *http2Service) submissions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies
}

func (s *http2Service) listen(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); wg.Wait() })
	return "http://" + listener.Addr().String()
}

// newHTTP2Client speaks HTTP/2 without TLS. It ends its connections before the service waits for them.
func newHTTP2Client(t *testing.T, url string) *Client {
	t.Helper()
	transport := newTransport().(*http.Transport)
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return newTestClient(t, url, WithHTTPClient(&http.Client{Transport: transport}))
}

// What HTTP/2 guarantees to be unprocessed is sent again, whole, and nothing
// else: net/http by itself would resend after PROTOCOL_ERROR, too, which
// gateways send when it is the answer that they can't read.
func TestGenerationsOverHTTP2(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers     []answerTo
		submissions int
		want        string
	}{
		"a task":                     {[]answerTo{task}, 1, ""},
		"REFUSED_STREAM":             {[]answerTo{reset(codeRefused), task}, 2, ""},
		"REFUSED_STREAM twice":       {[]answerTo{reset(codeRefused), reset(codeRefused), task}, 3, ""},
		"REFUSED_STREAM for ever":    {[]answerTo{reset(codeRefused)}, 3, "NotSent"},
		"GOAWAY before it":           {[]answerTo{goAway(before, codeNone), task}, 2, ""},
		"GOAWAY with it":             {[]answerTo{goAway(with, codeNone), task}, 1, "OutcomeUnknown"},
		"GOAWAY, of an error":        {[]answerTo{goAway(with, codeCalm), task}, 1, "OutcomeUnknown"},
		"PROTOCOL_ERROR":             {[]answerTo{reset(codeProtocol), task}, 1, "OutcomeUnknown"},
		"REFUSED, then PROTOCOL":     {[]answerTo{reset(codeRefused), reset(codeProtocol), task}, 2, "OutcomeUnknown"},
		"INTERNAL_ERROR":             {[]answerTo{reset(codeInternal), task}, 1, "OutcomeUnknown"},
		"CANCEL":                     {[]answerTo{reset(codeCancel), task}, 1, "OutcomeUnknown"},
		"NO_ERROR without an answer": {[]answerTo{reset(codeNone), task}, 1, "OutcomeUnknown"},
		"a lost connection":          {[]answerTo{func(c framer, _ uint32) { c.Close() }, task}, 1, "OutcomeUnknown"},
	}
	body := []byte("--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na lighthouse\r\n--b--\r\n")
	calls := map[string]func(*Client) error{
		"method": func(c *Client) error { _, err := generateOne(t.Context(), c, file("a", png)); return err },
		"generated": func(c *Client) error {
			_, err := c.Generated().SeeDreamV45WithBodyWithResponse(t.Context(), "multipart/form-data; boundary=b", bytes.NewReader(body))
			return err
		},
	}
	for name, tt := range tests {
		for callName, call := range calls {
			t.Run(name+"/"+callName, func(t *testing.T) {
				t.Parallel()
				service := &http2Service{answers: tt.answers}
				err := call(newHTTP2Client(t, service.listen(t)))
				if got := strings.Join(matching(err), " "); got != tt.want || (err == nil) != (tt.want == "") {
					t.Errorf("%v matches %q, want %q", err, got, tt.want)
				}
				if n := len(service.submissions()); n != tt.submissions {
					t.Errorf("%d submissions, want %d", n, tt.submissions)
				}
				for _, body := range service.submissions() {
					if !strings.Contains(body, "a lighthouse") || !strings.HasSuffix(body, "--\r\n") || callName == "method" && !strings.Contains(body, string(png)) {
						t.Errorf("a body is not whole: %q", body)
					}
				}
			})
		}
	}
}

func TestARefusedStreamSaysSo(t *testing.T) {
	t.Parallel()
	service := &http2Service{answers: []answerTo{reset(codeRefused)}}
	_, err := generateOne(t.Context(), newHTTP2Client(t, service.listen(t)))
	const want = "tensorslab: seeDreamV45: not sent: by the rules of HTTP/2 the request was not processed; nothing was sent (3 attempts)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// Only net/http's own words are evidence, not what a peer can put into them.
func TestWhatIsNoRefusedStream(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"stream error: stream ID 1; REFUSED_STREAM; received from peer",
		`http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug="http2: Transport: cannot retry err [stream error: stream ID 1; REFUSED_STREAM; received from peer]"`,
		"http2: Transport: cannot retry err [stream error: stream ID 1; PROTOCOL_ERROR; received from peer] after Request.Body was written",
		"http2: Transport: cannot retry err [x; REFUSED_STREAM; received from peer]",
	} {
		if err := withUnprocessed(errors.New(text)); errors.As(err, new(*unprocessedError)) {
			t.Errorf("%s counts", text)
		}
	}
	if err := withUnprocessed(&url.Error{Err: errors.New("http2: client conn could not be established")}); !errors.As(err, new(*unprocessedError)) {
		t.Errorf("%v does not count", err)
	}
}
