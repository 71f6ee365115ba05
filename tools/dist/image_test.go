package dist

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/tensorslab/tensorslab-go/tools/dist/image"
)

// The image holds the binary for its platform, and no other file.
func TestImage(t *testing.T) {
	folder := open(t)
	index, err := layout.ImageIndexFromPath(filepath.Join(folder.Path, "image"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Manifests) != 2 {
		t.Errorf("the image is for %d platforms, want 2", len(manifest.Manifests))
	}
	for _, m := range manifest.Manifests {
		img, err := index.Image(m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(mutate.Extract(img))
		if err != nil {
			t.Fatal(err)
		}
		files := untar(t, content)
		binary := binaryFor(t, folder, Artifact{Name: "image", GOOS: m.Platform.OS, GOARCH: m.Platform.Architecture})
		if len(files) != 1 || files[image.Name].mode.Perm() != 0o755 || !bytes.Equal(files[image.Name].content, binary) {
			t.Errorf("%v: %d files, and the binary has mode %v or is another one", m.Platform, len(files), files[image.Name].mode)
		}
		config, err := img.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if c := config.Config; !slices.Equal(c.Entrypoint, []string{"/" + image.Name}) || c.Labels["org.opencontainers.image.version"] != folder.Version {
			t.Errorf("%v: the entry point is %q, the labels %v", m.Platform, c.Entrypoint, c.Labels)
		}
	}
}
