//go:build docs

// With the build tag docs this is another program: it writes the man pages and
// the completion scripts, so that the command itself links neither.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "docs: give the folder to write to")
		os.Exit(statusUsage)
	}
	if err := writeDocs(newRoot(env{}), os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "docs: %v\n", err)
		os.Exit(statusFailed)
	}
}

func writeDocs(root *cobra.Command, dir string) error {
	man, completions := filepath.Join(dir, "man"), filepath.Join(dir, "completions")
	for _, folder := range []string{man, completions} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	header := &doc.GenManHeader{Section: "1", Source: "tensorslab " + wrapper.Version, Manual: "TensorsLab"}
	root.DisableAutoGenTag = true
	if err := doc.GenManTree(root, header, man); err != nil {
		return err
	}
	for _, shell := range shells {
		var script bytes.Buffer
		if err := complete(root, shell, &script); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(completions, "tensorslab."+shell), script.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
