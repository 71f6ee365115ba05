package about

import (
	"github.com/spf13/cobra"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// NewSpecCommand returns the command that prints the contract.
func NewSpecCommand(e cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "spec",
		Short: "Print the contract, an OpenAPI document in JSON",
		Args:  cli.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := e.Stdout.Write(tensorslab.Spec())
			return err
		},
	}
}
