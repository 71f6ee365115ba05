package contract

import (
	"net/http"
	"strings"
	"testing"
)

func TestTakesMedia(t *testing.T) {
	t.Parallel()
	d, published := parseText(t, grown), ours(t)
	deletion, form, image := published.Operation("deleteImagesTask"), published.Operation("zImage"), d.Operation("postImage")
	for _, tt := range []struct {
		op          *Operation
		contentType string
		want        bool
	}{
		{deletion, "application/json", true},
		{deletion, "Application/JSON; charset=utf-8", true},
		{deletion, "text/plain", false},
		{deletion, "application/x-www-form-urlencoded", false},
		{deletion, "application/vnd.api+json", false},
		{deletion, "nonsense", false},
		{deletion, "", true},
		{form, "multipart/form-data; boundary=b", true},
		{form, "application/json", false},
		{image, "application/json", true},
		{image, "text/csv; header=present", true},
		{image, "text/html", false},
		{d.Operation("getPart"), "text/html", true}, // the contract has no body there
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://a.example.com", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", tt.contentType)
		if got := tt.op.TakesMedia(req); got != tt.want {
			t.Errorf("%s, %q: %t", tt.op.ID, tt.contentType, got)
		}
		req.Body = http.NoBody
		if !tt.op.TakesMedia(req) {
			t.Errorf("%s, %q: a request without a body is refused", tt.op.ID, tt.contentType)
		}
	}
}
