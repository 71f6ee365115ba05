package wrapper

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// Which headers can't be sent is tested in internal/send.
func TestHeadersThatCannotBeSent(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, testkit.DeletedBody))
	set := WithRequestEditor(func(_ context.Context, req *http.Request) error {
		req.Header["X-Tenant"] = []string{"a\nX-Injected: 1"}
		return nil
	})
	_, err := newTestClient(t, url, set).DeleteImagesTask(t.Context(), oneTask)
	if got := strings.Join(matching(err), " "); got != "InvalidRequest NotSent" || !errors.As(err, new(*RequestError)) || requests.Load() != 0 {
		t.Errorf("%v (%s) after %d requests", err, got, requests.Load())
	}
}
