package images

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A request that could not be built again may follow an attempt that was sent. Only an
// error that says that nothing was sent is a usage error.
func TestInvalidRequestAfterAnAttempt(t *testing.T) {
	t.Parallel()
	invalid := &wrapper.RequestError{Field: "prompt", Reason: "is too long"}
	for name, tt := range map[string]struct {
		err    error
		status int
		want   string
	}{
		"nothing was sent": {invalid, cli.Usage, "PROMPT is too long; nothing was sent"},
		"in doubt":         {errors.Join(invalid, wrapper.ErrOutcomeUnknown), cli.Unknown, "; " + mayExist + "; do not repeat this, but look for the task in the web console (" + cli.Console + ")"},
	} {
		r := newTestRun(io.Discard)
		r.OnExit = new(cli.ExitHook)
		err := r.notSubmitted(generateFlags{model: modelNames[0]}, false, tt.err)
		if cli.StatusOf(err) != tt.status || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s: %d, %v", name, cli.StatusOf(err), err)
		}
	}
}
