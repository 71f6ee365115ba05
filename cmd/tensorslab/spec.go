package main

import (
	"github.com/spf13/cobra"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

func newSpecCommand(e env) *cobra.Command {
	return &cobra.Command{
		Use:   "spec",
		Short: "Print the contract, an OpenAPI document in JSON",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := e.stdout.Write(tensorslab.Spec())
			return err
		},
	}
}
