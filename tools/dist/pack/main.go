// Command pack makes the container image of a release from the binaries in the folder that its
// argument names, and writes it into that folder.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/tensorslab/tensorslab-go/tools/dist"
	"github.com/tensorslab/tensorslab-go/tools/dist/image"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "pack: name the folder of the release")
		os.Exit(2)
	}
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(path string) error {
	at, err := dist.Time()
	if err != nil {
		return err
	}
	folder, err := dist.Open(path)
	if err != nil {
		return err
	}
	var binaries []image.Binary
	for _, a := range folder.OfType("Binary") {
		if a.GOOS == "linux" {
			binaries = append(binaries, image.Binary{Path: folder.File(a), GOOS: a.GOOS, GOARCH: a.GOARCH})
		}
	}
	labels := map[string]string{
		"org.opencontainers.image.title":    image.Name,
		"org.opencontainers.image.version":  folder.Version,
		"org.opencontainers.image.revision": folder.Commit,
		"org.opencontainers.image.source":   "https://github.com/tensorslab/tensorslab-go",
		"org.opencontainers.image.licenses": "Apache-2.0",
	}
	return image.Write(filepath.Join(path, "image"), binaries, at, labels)
}
