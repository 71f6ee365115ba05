package batch

import (
	"os"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

// TestMain runs the tests, or is the process that TestKill kills.
func TestMain(m *testing.M) {
	if os.Getenv(childURL) != "" {
		os.Exit(child())
	}
	testkit.Main(m)
}
