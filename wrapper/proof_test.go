package wrapper

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// A response that differs in one place from a proven one is read the long way.
func TestProofDoesNotHideAChange(t *testing.T) {
	t.Parallel()
	next := make(chan string, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) { testkit.Respond(200, <-next)(w, r) })
	c := newTestClient(t, url)
	for i, tt := range []struct{ body, want string }{
		{testkit.DeletedBody, "[]"},
		{testkit.DeletedBody, "[]"},
		{strings.Replace(testkit.DeletedBody, "1000", "9999", 1), "[Failure]"},
		{strings.Replace(testkit.DeletedBody, "Success\"}", "Failed\"}", 1), "[DeleteFailed]"},
		{strings.Replace(testkit.DeletedBody, "Success\"}", "Failed\"}", 1), "[DeleteFailed]"},
		{strings.Replace(testkit.DeletedBody, `"msg"`, `"Msg"`, 1), "[Contract OutcomeUnknown]"},
		{strings.Replace(testkit.DeletedBody, "1000", "1e3", 1), "[Contract OutcomeUnknown]"},
		{strings.Replace(testkit.DeletedBody, "1000", "1e3", 1), "[Contract OutcomeUnknown]"},
		{testkit.DeletedBody, "[]"},
	} {
		next <- tt.body
		_, err := c.DeleteImagesTask(t.Context(), oneTask)
		if got := fmt.Sprint(matching(err)); got != tt.want {
			t.Errorf("%d: %s: matches %s, want %s", i, tt.body, got, tt.want)
		}
	}
}
