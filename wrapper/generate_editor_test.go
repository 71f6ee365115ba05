package wrapper

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestAnEditorMayReplaceTheBody(t *testing.T) {
	t.Parallel()
	const mine = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nmine\r\n--b--\r\n"
	tests := map[string]struct {
		edit   generated.RequestEditorFn
		want   string
		length bool
	}{
		"left alone": {func(context.Context, *http.Request) error { return nil }, "[prompt=a lighthouse]", true},
		"replaced": {func(_ context.Context, req *http.Request) error {
			req.Body, req.ContentLength = io.NopCloser(strings.NewReader(mine)), int64(len(mine))
			req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			return nil
		}, "[prompt=mine]", true},
		"wrapped, to count what is sent": {func(_ context.Context, req *http.Request) error {
			req.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(req.Body, io.Discard), req.Body}
			return nil
		}, "[prompt=a lighthouse]", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
			_, err := generateOne(t.Context(), newTestClient(t, url, WithRequestEditor(tt.edit)))
			got := service.Submissions()
			if err != nil || len(got) != 1 || fmt.Sprint(got[0].Parts) != tt.want || got[0].Length > 0 != tt.length {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
