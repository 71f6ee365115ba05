package wrapper

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

func TestWithBaseURLRefuses(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "http://api.tensorslab.com", "https://u:hunter2@h.test", "https://h.test?key=hunter2", "https://h.test/%zz-hunter2"} {
		_, err := NewClient(testKey, WithBaseURL(raw))
		if !errors.Is(err, ErrInvalidOption) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestPathPrefixIsKept(t *testing.T) {
	t.Parallel()
	paths := make(chan string, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		paths <- r.URL.EscapedPath()
		testkit.Respond(200, testkit.DeletedBody)(w, r)
	})
	for prefix, want := range map[string]string{
		"":        "",
		"/":       "",
		"/a/b":    "/a/b",
		"/a/b/":   "/a/b",
		"/a%2Fb":  "/a%2Fb",
		"/x/../y": "/y",
	} {
		c := newTestClient(t, url+prefix)
		if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil {
			t.Errorf("%q: %v", prefix, err)
			continue
		}
		if got, want := <-paths, want+frozen.Path("deleteImagesTask"); got != want {
			t.Errorf("%q: sent to %s, want %s", prefix, got, want)
		}
	}
}
