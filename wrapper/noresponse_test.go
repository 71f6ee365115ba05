package wrapper

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// net/http quotes what it can't parse, which may be an echo of the key.
func TestNoCauseHoldsTheKey(t *testing.T) {
	t.Parallel()
	cause := fmt.Errorf("malformed HTTP status code %q: %w", testKey, io.ErrUnexpectedEOF)
	c := newTestClient(t, "https://api.test", WithHTTPClient(&http.Client{Transport: testkit.RoundTripFunc(func(*http.Request) (*http.Response, error) {
		return nil, cause
	})}))
	_, err := c.DeleteImagesTask(t.Context(), oneTask)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, cause) {
		t.Errorf("the cause is not among the wrapped errors: %v", err)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, testKey) {
			t.Errorf("holds the key: %s", text)
		}
	}
}

func TestOneContentTypeOnly(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json", "text/html"}
		_, _ = io.WriteString(w, testkit.DeletedBody)
	})
	_, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
	var e *ContractError
	if !errors.As(err, &e) || e.Violations[0].Keyword != KeywordMediaType {
		t.Errorf("got %v", err)
	}
}
