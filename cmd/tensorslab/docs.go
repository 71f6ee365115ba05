//go:build docs

// With the build tag docs this is another program, which writes man pages and completion
// scripts. The command itself then does not link the generator of man pages.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/about"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "docs: name the directory to write to")
		os.Exit(cli.Usage)
	}
	if err := writeDocs(newRoot(cli.Env{}), os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "docs: %v\n", err)
		os.Exit(cli.Failed)
	}
}

func writeDocs(root *cobra.Command, dir string) error {
	man, completions := filepath.Join(dir, "man"), filepath.Join(dir, "completions")
	for _, folder := range []string{man, completions} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	header := &doc.GenManHeader{Section: "1", Source: "tensorslab " + about.Version(), Manual: "TensorsLab"}
	root.DisableAutoGenTag = true
	if err := doc.GenManTree(root, header, man); err != nil {
		return err
	}
	for _, cmd := range root.Commands() {
		if cmd.IsAdditionalHelpTopicCommand() { // which GenManTree leaves out
			if err := writeTopic(cmd, man); err != nil {
				return err
			}
		}
	}
	for _, shell := range about.Shells {
		var script bytes.Buffer
		if err := about.WriteCompletion(root, shell, &script); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(completions, "tensorslab."+shell), script.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writeTopic writes the page of a topic, whose header GenMan fills in.
func writeTopic(topic *cobra.Command, dir string) error {
	var page bytes.Buffer
	header := &doc.GenManHeader{Section: "1", Source: "tensorslab " + about.Version(), Manual: "TensorsLab"}
	if err := doc.GenMan(topic, header, &page); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "tensorslab-"+topic.Name()+".1"), page.Bytes(), 0o644)
}
