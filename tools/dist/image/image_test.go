package image

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

var at = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// write writes an image of two binaries, and returns it.
func write(t *testing.T, at time.Time) v1.ImageIndex {
	t.Helper()
	dir := t.TempDir()
	var binaries []Binary
	for _, arch := range []string{"amd64", "arm64"} {
		path := filepath.Join(dir, arch)
		if err := os.WriteFile(path, []byte("a binary for "+arch), 0o600); err != nil {
			t.Fatal(err)
		}
		binaries = append(binaries, Binary{Path: path, GOOS: "linux", GOARCH: arch})
	}
	out := filepath.Join(dir, "image")
	for range 2 { // the second one replaces the first
		if err := Write(out, binaries, at, map[string]string{"org.opencontainers.image.version": "1.2.3"}); err != nil {
			t.Fatal(err)
		}
	}
	index, err := layout.ImageIndexFromPath(out)
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func TestImageIsValidAndHoldsOneFile(t *testing.T) {
	t.Parallel()
	index := write(t, at)
	if err := validate.Index(index); err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Manifests) != 2 {
		t.Fatalf("%d images, want 2", len(manifest.Manifests))
	}
	img, err := index.Image(manifest.Manifests[1].Digest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if config.OS != "linux" || config.Architecture != "arm64" || !config.Created.Equal(at) || config.Config.User == "" {
		t.Errorf("%s/%s, created %v, user %q", config.OS, config.Architecture, config.Created, config.Config.User)
	}
	files := mutate.Extract(img)
	defer files.Close()
	r := tar.NewReader(files)
	header, err := r.Next()
	if err != nil || header.Name != Name || header.Mode != 0o755 || header.Uid != 0 {
		t.Errorf("%+v, %v", header, err)
	}
	if second, err := r.Next(); err == nil {
		t.Errorf("there is a second file, %s", second.Name)
	}
}

// An archive ends with two empty blocks. Go's reader does without, and others do not.
func TestLayerIsAWholeArchive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "binary")
	if err := os.WriteFile(path, []byte("a binary"), 0o600); err != nil {
		t.Fatal(err)
	}
	content, err := layerOf(path, at)
	if err != nil {
		t.Fatal(err)
	}
	const block = 512
	if len(content)%block != 0 || !bytes.HasSuffix(content, make([]byte, 2*block)) {
		t.Errorf("%d bytes, without the end of an archive", len(content))
	}
}

// Who builds the image again gets the digest that was published.
func TestImageIsReproducible(t *testing.T) {
	t.Parallel()
	digest := func(index v1.ImageIndex) string {
		t.Helper()
		d, err := index.Digest()
		if err != nil {
			t.Fatal(err)
		}
		return d.String()
	}
	first := digest(write(t, at))
	if second := digest(write(t, at)); second != first {
		t.Errorf("%s, then %s", first, second)
	}
	if other := digest(write(t, at.Add(time.Second))); other == first {
		t.Error("the time is not in the image")
	}
}

func TestMissingBinary(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "image")
	if err := Write(out, []Binary{{Path: "missing", GOOS: "linux", GOARCH: "amd64"}}, at, nil); !os.IsNotExist(err) && err == nil {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is an image without a binary")
	}
}
