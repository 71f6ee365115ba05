package conformance

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// net/http sends a deletion again after PROTOCOL_ERROR, though the server may
// have acted: a refusal of the second does not say that nothing was deleted.
func TestDeletionThatNetHTTPSendsAgain(t *testing.T) {
	t.Parallel()
	refusal := func(c testkit.HTTP2Conn, stream uint32) {
		c.SendHead(stream, 422, len(refusalBody))
		c.SendData(stream, refusalBody, true)
	}
	for name, tt := range map[string]struct {
		responses []testkit.HTTP2Response
		requests  int
		want      string
	}{
		"refused at once":             {[]testkit.HTTP2Response{refusal}, 1, "refused"},
		"refused after a reset":       {[]testkit.HTTP2Response{testkit.HTTP2Reset(testkit.ProtocolError), refusal}, 2, "unknown"},
		"refused after another reset": {[]testkit.HTTP2Response{testkit.HTTP2Reset(testkit.InternalError), refusal}, 2, "unknown"},
		"successful after a reset":    {[]testkit.HTTP2Response{testkit.HTTP2Reset(testkit.ProtocolError), testkit.HTTP2JSON(successBody)}, 2, "deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, url := testkit.NewHTTP2Server(t, tt.responses...)
			_, err := newHTTP2Client(t, url).DeleteImagesTask(t.Context(), oneID)
			if n := len(server.Bodies()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
			if got := outcomeKind(err); got != tt.want {
				t.Errorf("%s, want %s: %v", got, tt.want, err)
			}
		})
	}
}
