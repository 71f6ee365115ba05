package wrapper_test

import (
	"log"
	"testing"

	"go.uber.org/goleak"
)

// TestMain holds that no test of this package, and so nothing that it calls,
// leaves a goroutine behind.
func TestMain(m *testing.M) {
	log.SetOutput(quietLog{})
	goleak.VerifyTestMain(m)
}
