package send

import (
	"bytes"
	"io"
	"net/http"
	"testing"
)

func TestIsLargeUpload(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   io.ReadCloser
		length int64
		want   bool
	}{
		"none":         {nil, 0, false},
		"NoBody":       {http.NoBody, 0, false},
		"small":        {io.NopCloser(nil), 1, false},
		"1 MB":         {io.NopCloser(nil), largeUpload, false},
		"over 1 MB":    {io.NopCloser(nil), largeUpload + 1, true},
		"not known":    {io.NopCloser(nil), 0, true},
		"said unknown": {io.NopCloser(nil), -1, true},
	}
	for name, tt := range tests {
		if got := isLargeUpload(&http.Request{Body: tt.body, ContentLength: tt.length}); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// doerFunc is a client that is a function.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// What is sent, and how often, if the first response is 417.
func TestDoExpects(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		effect   Effect
		size     int
		own      string // an Expect field that the caller set
		stream   bool   // the body can't be read again
		read     bool   // the first request reads the body
		expects  []string
		statuses []int
	}{
		"small":                      {EachTime, 9, "", false, false, []string{""}, []int{417}},
		"large":                      {EachTime, largeUpload + 1, "", false, false, []string{"100-continue", ""}, []int{417, 200}},
		"large and repeatable":       {Once, largeUpload + 1, "", false, false, []string{"100-continue", ""}, []int{417, 200}},
		"no 417":                     {EachTime, largeUpload + 1, "", false, false, []string{"100-continue"}, []int{200}},
		"never consents":             {EachTime, largeUpload + 1, "", false, false, []string{"100-continue", ""}, []int{417, 417}},
		"a body that is a stream":    {EachTime, largeUpload + 1, "", true, false, []string{"100-continue"}, []int{417}},
		"a body that was read":       {EachTime, largeUpload + 1, "", false, true, []string{"100-continue"}, []int{417}},
		"the caller's own Expect":    {EachTime, largeUpload + 1, "200-ok", false, false, []string{"200-ok"}, []int{417}},
		"the caller's, small":        {EachTime, 9, "100-continue", false, false, []string{"100-continue"}, []int{417}},
		"the caller's, then refused": {None, largeUpload + 1, "100-continue", false, false, []string{"100-continue"}, []int{417}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var expects []string
			client := doerFunc(func(req *http.Request) (*http.Response, error) {
				expects = append(expects, req.Header.Get("Expect"))
				if req.Close != (tt.effect == EachTime) || tt.effect == EachTime && req.GetBody != nil {
					t.Errorf("Close: %t, GetBody: %t", req.Close, req.GetBody != nil)
				}
				if tt.read || len(expects) == 2 {
					if n, err := io.Copy(io.Discard, req.Body); err != nil || n != int64(tt.size) {
						t.Errorf("%d bytes, %v", n, err)
					}
				}
				req.Body.Close()
				return &http.Response{StatusCode: tt.statuses[len(expects)-1], Body: http.NoBody}, nil
			})
			req := post(t.Context(), t, "http://localhost", "")
			data := bytes.Repeat([]byte("x"), tt.size)
			req.ContentLength, req.Body = int64(tt.size), io.NopCloser(bytes.NewReader(data))
			req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
			if tt.stream {
				req.GetBody = nil
			}
			if tt.own != "" {
				req.Header.Set("Expect", tt.own)
			}
			resp, err := (&Sender{Client: client}).do(req, tt.effect, new(trace))
			if err != nil || resp.StatusCode != tt.statuses[len(tt.statuses)-1] {
				t.Errorf("got %v, %v", resp, err)
			}
			if len(expects) != len(tt.expects) || expects[0] != tt.expects[0] || expects[len(expects)-1] != tt.expects[len(tt.expects)-1] {
				t.Errorf("sent with Expect %q, want %q", expects, tt.expects)
			}
			if req.Header.Get("Expect") != tt.own {
				t.Error("the caller's header was changed")
			}
		})
	}
}
