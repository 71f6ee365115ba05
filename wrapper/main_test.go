package wrapper_test

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

// TestMain fails if a test, and so anything that it calls, leaves a goroutine behind.
func TestMain(m *testing.M) { testkit.Main(m) }
