package cli

import (
	"testing"

	"go.uber.org/goleak"

	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n  %q, want\n  %q", what, got, want)
	}
}

// failingWriter is a writer whose writes fail.
type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
