package wrapper

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// The same bytes are valid again; bytes that differ in one place are checked.
func TestMemoDoesNotHideAChange(t *testing.T) {
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

// All clients share what is known of the contract, and so the memo: what a
// client without validation lets pass must not become valid for the others.
func TestMemoLearnsOnlyFromEnforcedChecks(t *testing.T) {
	t.Parallel()
	broken := `{"code":1000,"msg":"` + t.Name() + `"}`
	url, _ := testkit.Serve(t, testkit.Respond(http.StatusOK, broken))
	for _, mode := range []ValidationMode{Off, Report} {
		c := newTestClient(t, url, WithValidation(mode), WithLogger(slog.New(slog.DiscardHandler)))
		if _, err := c.DeleteImagesTask(t.Context(), oneTask); err != nil {
			t.Fatal(err)
		}
		if _, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask); !errors.Is(err, ErrContract) {
			t.Errorf("after %v: %v", mode, err)
		}
	}
}
