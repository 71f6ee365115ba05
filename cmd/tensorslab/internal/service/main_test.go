package service_test

import (
	"testing"

	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/images"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newRoot(e cli.Env) *cobra.Command { return cli.NewRoot("test", images.NewCommand(e)) }
