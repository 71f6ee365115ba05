package conformance

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// brokenBody gives some bytes, then an error, and fails to close.
type brokenBody struct {
	io.Reader
	err    error
	closed bool
}

func (b *brokenBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = b.err
	}
	return n, err
}

func (b *brokenBody) Close() error {
	b.closed = true
	return errors.New("can't be closed")
}

// A doer of the user's own may return what no http.Client would.
func TestDoers(t *testing.T) {
	t.Parallel()
	whole := func(err error) *brokenBody { return &brokenBody{strings.NewReader(successBody), err, false} }
	tests := []struct {
		name string
		resp *http.Response
		err  error
		want verdict
	}{
		{"neither response nor error", nil, nil, lost()},
		{"response and error", &http.Response{StatusCode: 200, Header: jsonHeader, Body: whole(io.EOF)}, errors.New("no"), lost()},
		{"no header, no body", &http.Response{StatusCode: 200}, nil, violates(" mediaType", " json")},
		{"redirect without a header", &http.Response{StatusCode: 307}, nil, refused(0, "", wrapper.ErrRedirected).at(307)},
		{"status 0", &http.Response{Header: jsonHeader, Body: whole(io.EOF)}, nil, doubtful(0, "").at(0)},
		{"negative status", &http.Response{StatusCode: -200, Header: jsonHeader}, nil, doubtful(0, "").at(-200)},
		{"body that fails at its end", &http.Response{StatusCode: 200, Header: jsonHeader, Body: whole(errors.New("no"))}, nil, lost()},
		{"body that fails at its end, 400", &http.Response{StatusCode: 400, Header: jsonHeader, Body: whole(errors.New("no"))}, nil, doubtful(1000, "Successfully").at(400)},
		{"body that can't be closed", &http.Response{StatusCode: 200, Header: jsonHeader, Body: whole(io.EOF)}, nil, success("Successfully", "Success")},
		{"length too short", &http.Response{StatusCode: 200, Header: jsonHeader, Body: whole(io.EOF), ContentLength: 1}, nil, success("Successfully", "Success")},
		{"length beyond all bounds", &http.Response{StatusCode: 200, Header: jsonHeader, Body: whole(io.EOF), ContentLength: 1<<63 - 1}, nil, tooLarge()},
		{"response to another request", &http.Response{StatusCode: 200, Header: jsonHeader, Body: whole(io.EOF), Request: &http.Request{}}, nil, success("Successfully", "Success")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doer := testkit.DoerFunc(func(req *http.Request) (*http.Response, error) {
				_ = req.Body.Close()
				return tt.resp, tt.err
			})
			rsp, err := newPlainClient(t, "https://h.example", doer).DeleteImagesTaskWithResponse(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}})
			checkFault(t, err, tt.want, 1)
			if err == nil && (rsp.JSON200 == nil || *rsp.JSON200 != tt.want.response) {
				t.Errorf("got %+v", rsp.JSON200)
			}
			if tt.resp != nil {
				if body, ok := tt.resp.Body.(*brokenBody); ok && tt.err != nil && !body.closed {
					t.Error("the body is left open")
				}
			}
		})
	}
}
