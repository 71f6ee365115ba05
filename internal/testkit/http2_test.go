package testkit

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestHTTP2Server(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		response HTTP2Response
		want     string // matches the error; "" for a response
	}{
		"response":          {HTTP2JSON("{}"), ""},
		"reset":             {HTTP2Reset(InternalError), "INTERNAL_ERROR"},
		"GOAWAY":            {HTTP2GoAway(true, EnhanceYourCalm), "GOAWAY"},
		"connection closed": {HTTP2Close, "EOF|reset"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, url := NewHTTP2Server(t, tt.response)
			transport := Transport(t)
			transport.Protocols = new(http.Protocols)
			transport.Protocols.SetUnencryptedHTTP2(true)
			req, _ := http.NewRequest(http.MethodPost, url, io.MultiReader(strings.NewReader("body")))
			resp, err := transport.RoundTrip(req)
			if err == nil {
				defer resp.Body.Close()
				if body, _ := io.ReadAll(resp.Body); resp.ProtoMajor != 2 || string(body) != "{}" || resp.Header.Get("Content-Type") != "application/json" {
					t.Errorf("got %v with %q", resp, body)
				}
			}
			if (err == nil) != (tt.want == "") || err != nil && !regexp.MustCompile(tt.want).MatchString(err.Error()) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if !slices.Equal(server.Bodies(), []string{"body"}) {
				t.Errorf("received %q", server.Bodies())
			}
		})
	}
}
