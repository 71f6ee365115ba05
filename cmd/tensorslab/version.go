package main

import (
	"encoding/json"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newVersionCommand(e env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the command, of Go and of the contract",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			var contract struct {
				Info struct{ Title, Version string }
			}
			if err := json.Unmarshal(tensorslab.Spec(), &contract); err != nil {
				return fmt.Errorf("read the contract: %w", err)
			}
			_, err := fmt.Fprintf(e.stdout, "tensorslab %s\n%s %s/%s\n%s %s\n",
				wrapper.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, contract.Info.Title, contract.Info.Version)
			return err
		},
	}
}
