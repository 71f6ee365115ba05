package conformance

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// newHTTP2Client returns a client that speaks HTTP/2 without TLS and would make
// three attempts.
func newHTTP2Client(t *testing.T, url string) *wrapper.Client {
	t.Helper()
	transport := testkit.Transport(t)
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetUnencryptedHTTP2(true)
	return newClient(t, url, transport, fast)
}

const lighthouseForm = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na lighthouse\r\n--b--\r\n"

// checkWhole checks that forms have their prompt, their image, if any, and their end.
func checkWhole(t *testing.T, bodies []string, withImage bool) {
	t.Helper()
	for _, body := range bodies {
		if !strings.Contains(body, "a lighthouse") || !strings.HasSuffix(body, "--\r\n") || withImage && !strings.Contains(body, string(testkit.PNG)) {
			t.Errorf("a body is not whole: %q", body)
		}
	}
}

// What HTTP/2 guarantees to be unprocessed is sent again, whole, and nothing
// else. Left alone, net/http would resend after PROTOCOL_ERROR as well, with
// which gateways respond when they can't read the service's response.
func TestGenerationsOverHTTP2(t *testing.T) {
	t.Parallel()
	type responses = []testkit.HTTP2Response
	task := testkit.HTTP2JSON(testkit.TaskCreatedBody)
	reset, goAway := testkit.HTTP2Reset, testkit.HTTP2GoAway
	tests := map[string]struct {
		responses   responses
		submissions int
		want        string
	}{
		"a task":                      {responses{task}, 1, ""},
		"REFUSED_STREAM":              {responses{reset(testkit.RefusedStream), task}, 2, ""},
		"REFUSED_STREAM twice":        {responses{reset(testkit.RefusedStream), reset(testkit.RefusedStream), task}, 3, ""},
		"REFUSED_STREAM always":       {responses{reset(testkit.RefusedStream)}, 3, "NotSent"},
		"GOAWAY before it":            {responses{goAway(false, testkit.NoError), task}, 2, ""},
		"GOAWAY with it":              {responses{goAway(true, testkit.NoError), task}, 1, "OutcomeUnknown"},
		"GOAWAY with it, an error":    {responses{goAway(true, testkit.EnhanceYourCalm), task}, 1, "OutcomeUnknown"},
		"PROTOCOL_ERROR":              {responses{reset(testkit.ProtocolError), task}, 1, "OutcomeUnknown"},
		"REFUSED, then PROTOCOL":      {responses{reset(testkit.RefusedStream), reset(testkit.ProtocolError), task}, 2, "OutcomeUnknown"},
		"INTERNAL_ERROR":              {responses{reset(testkit.InternalError), task}, 1, "OutcomeUnknown"},
		"CANCEL":                      {responses{reset(testkit.Cancel), task}, 1, "OutcomeUnknown"},
		"NO_ERROR without a response": {responses{reset(testkit.NoError), task}, 1, "OutcomeUnknown"},
		"a lost connection":           {responses{testkit.HTTP2Close, task}, 1, "OutcomeUnknown"},
	}
	calls := map[string]func(*wrapper.Client) error{
		"method": func(c *wrapper.Client) error { return generate(t.Context(), c, aFile()) },
		"generated": func(c *wrapper.Client) error {
			_, err := c.Generated().SeeDreamV45WithBodyWithResponse(t.Context(), "multipart/form-data; boundary=b", bytes.NewReader([]byte(lighthouseForm)))
			return err
		},
	}
	for name, tt := range tests {
		for callName, call := range calls {
			t.Run(name+"/"+callName, func(t *testing.T) {
				t.Parallel()
				service, url := testkit.NewHTTP2Server(t, tt.responses...)
				err := call(newHTTP2Client(t, url))
				if got := matching(err); got != tt.want || (err == nil) != (tt.want == "") {
					t.Errorf("%v matches %q, want %q", err, got, tt.want)
				}
				if n := len(service.Bodies()); n != tt.submissions {
					t.Errorf("%d submissions, want %d", n, tt.submissions)
				}
				checkWhole(t, service.Bodies(), callName == "method")
			})
		}
	}
}

func TestRefusedStreamSaysSo(t *testing.T) {
	t.Parallel()
	_, url := testkit.NewHTTP2Server(t, testkit.HTTP2Reset(testkit.RefusedStream))
	err := generate(t.Context(), newHTTP2Client(t, url))
	if err == nil || err.Error() != textRefusedStream {
		t.Errorf("got %v", err)
	}
}

// Only an error text that is net/http's own proves that a request was not
// processed, not what the other end can put into one.
func TestTextsThatProveNothing(t *testing.T) {
	t.Parallel()
	tests := map[string]verdict{
		"stream error: stream ID 1; REFUSED_STREAM; received from peer": lost(),
		`http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug="http2: Transport: cannot retry err [stream error: stream ID 1; REFUSED_STREAM; received from peer]"`: lost(),
		"http2: Transport: cannot retry err [stream error: stream ID 1; PROTOCOL_ERROR; received from peer] after Request.Body was written":                                                                 lost(),
		"http2: Transport: cannot retry err [x; REFUSED_STREAM; received from peer]":                                                                                                                        lost(),
		"http2: client conn could not be established": notSent(),
	}
	for text, want := range tests {
		c := newClient(t, wrapper.DefaultBaseURL, testkit.Canned{Err: errors.New(text)}, fast)
		attempts := 1
		if want.sentinels[0] == wrapper.ErrNotSent {
			attempts = 3
		}
		checkFault(t, generate(t.Context(), c, aFile()), want, attempts)
	}
}
