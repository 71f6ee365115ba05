// Package image makes the container image of a release: one file, the static binary.
package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Binary is the command for one platform.
type Binary struct {
	Path         string
	GOOS, GOARCH string
}

// Write writes an image for all platforms to the folder dir, in the layout of the Open
// Container Initiative. The same binaries, time and labels make the same image.
func Write(dir string, binaries []Binary, at time.Time, labels map[string]string) error {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, b := range binaries {
		img, err := imageOf(b, at, labels)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Path, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        img,
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: b.GOOS, Architecture: b.GOARCH}},
		})
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	_, err := layout.Write(dir, index)
	return err
}

// Name is the only file of the image.
const Name = "tensorslab"

func imageOf(b Binary, at time.Time, labels map[string]string) (v1.Image, error) {
	content, err := layerOf(b.Path, at)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(
		func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
		tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	img, err = mutate.Append(img, mutate.Addendum{
		Layer:   layer,
		History: v1.History{Author: Name, Created: v1.Time{Time: at}},
	})
	if err != nil {
		return nil, err
	}
	return mutate.ConfigFile(img, configOf(img, b, at, labels))
}

func configOf(img v1.Image, b Binary, at time.Time, labels map[string]string) *v1.ConfigFile {
	config, err := img.ConfigFile()
	if err != nil {
		panic(err) // it was made here, in memory
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = b.GOOS, b.GOARCH, v1.Time{Time: at}
	config.Config = v1.Config{
		Entrypoint: []string{"/" + Name},
		User:       "65532:65532", // no user of the host, and not root
		WorkingDir: "/work",       // a folder of the host goes here; the journal is in it, too
		Env:        []string{"PATH=/", "HOME=/work"},
		Labels:     labels,
	}
	return config
}

// layerOf returns an archive that has the binary as its only file.
func layerOf(path string, at time.Time) ([]byte, error) {
	binary, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	w := tar.NewWriter(&content)
	header := &tar.Header{Name: Name, Mode: 0o755, Size: int64(len(binary)), ModTime: at, Format: tar.FormatPAX}
	if err := w.WriteHeader(header); err != nil {
		return nil, err
	}
	if _, err := w.Write(binary); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil { // it writes the end of the archive
		return nil, err
	}
	return content.Bytes(), nil
}
