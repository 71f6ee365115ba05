package wrapper

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestHeadersThatCannotBeSent(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, testkit.DeletedBody))
	for name, header := range map[string]struct{ name, value string }{
		"line feed in a value": {"X-Tenant", "a\nX-Injected: 1"},
		"NUL in a value":       {"X-Tenant", "a\x00"},
		"DEL in a value":       {"X-Tenant", "\x7f"},
		"space in a name":      {"X Tenant", "a"},
		"colon in a name":      {"X:Tenant", "a"},
		"non-ASCII name":       {"X-Ténant", "a"},
		"an empty name":        {"", "a"},
	} {
		set := WithRequestEditor(func(_ context.Context, req *http.Request) error {
			req.Header[header.name] = []string{header.value}
			return nil
		})
		_, err := newTestClient(t, url, set).DeleteImagesTask(t.Context(), oneTask)
		if got := strings.Join(matching(err), " "); got != "InvalidRequest NotSent" || !errors.As(err, new(*RequestError)) {
			t.Errorf("%s: %v (%s)", name, err, got)
		}
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests were sent", requests.Load())
	}
	tab := WithRequestEditor(func(_ context.Context, req *http.Request) error {
		req.Header.Set("X-Tenant", "a\tb é")
		return nil
	})
	if _, err := newTestClient(t, url, tab).DeleteImagesTask(t.Context(), oneTask); err != nil {
		t.Errorf("a tab and a letter beyond ASCII: %v", err)
	}
}
