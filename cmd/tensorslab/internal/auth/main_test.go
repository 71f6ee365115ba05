package auth

import (
	"testing"

	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// After it has written a refusal, net/http keeps a connection for half a second more.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

func newRoot(e cli.Env) *cobra.Command { return cli.NewRoot("test", NewCommand(e)) }
