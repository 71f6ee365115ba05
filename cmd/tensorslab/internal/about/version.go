// Package about holds the commands about the command itself: spec, version, completion.
package about

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// released is the version of a release. The linker sets it, because the binaries of a release
// are built before its tags can be fetched; see .goreleaser.yaml.
var released string

// Version returns the version of the command: that of its release, or else from its build
// information the version of its module, or "devel" with the revision if there is one.
func Version() string {
	if released != "" {
		return released
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	version, modified := "devel", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			version += "-" + s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "-modified"
		}
	}
	return version + modified
}

// NewVersionCommand returns the command that prints versions.
func NewVersionCommand(e cli.Env) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the command, of Go and of the contract",
		Args:  cli.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := cli.CheckOneOf("output", output, "text", "json"); err != nil {
				return err
			}
			v, err := readVersions()
			if err != nil {
				return err
			}
			report := cli.NewReporter(e.Stdout, output == "json")
			report.Report(v)
			return report.Err()
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "output `FORMAT`: text or json")
	cli.CompleteWords(cmd, "output", "text", "json")
	return cmd
}

// versions is what the command version prints.
type versions struct {
	Version         string `json:"version"`
	Go              string `json:"go"`
	Platform        string `json:"platform"`
	Contract        string `json:"contract"`
	ContractVersion string `json:"contract_version"`
}

func readVersions() (versions, error) {
	var contract struct {
		Info struct{ Title, Version string }
	}
	if err := json.Unmarshal(tensorslab.Spec(), &contract); err != nil {
		return versions{}, fmt.Errorf("read the contract: %w", err)
	}
	return versions{Version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, contract.Info.Title, contract.Info.Version}, nil
}

// Text returns the versions in lines.
func (v versions) Text() string {
	return fmt.Sprintf("tensorslab %s\n%s %s\n%s %s", v.Version, v.Go, v.Platform, v.Contract, v.ContractVersion)
}

// Objects yields the versions.
func (v versions) Objects(yield func(any) bool) { yield(v) }
