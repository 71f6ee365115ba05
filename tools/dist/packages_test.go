package dist

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sassoftware/go-rpmutils"
)

// installed lists what each package installs. Its zsh completions are where the
// distribution's zsh looks for them.
var installed = []string{
	"/usr/bin/tensorslab",
	"/usr/share/doc/tensorslab/copyright",
	"/usr/share/man/man1/tensorslab.1.gz",
	"/usr/share/man/man1/tensorslab-images-generate.1.gz",
	"/usr/share/bash-completion/completions/tensorslab",
	"/usr/share/fish/vendor_completions.d/tensorslab.fish",
}

func packagesOf(t *testing.T, folder *Folder, extension string) []Artifact {
	t.Helper()
	found := slices.DeleteFunc(folder.OfType("Linux Package"), func(a Artifact) bool { return filepath.Ext(a.Name) != extension })
	if got := platformsOf(found); !slices.Equal(got, []string{"linux/amd64", "linux/arm64"}) {
		t.Errorf("packages %s for %q, want two", extension, got)
	}
	return found
}

func TestDebianPackages(t *testing.T) {
	folder := open(t)
	for _, a := range packagesOf(t, folder, ".deb") {
		files := undeb(t, folder.File(a))
		for _, name := range append(slices.Clone(installed), "/usr/share/zsh/vendor-completions/_tensorslab") {
			f, exists := files["."+name]
			wantMode := os.FileMode(0o644)
			if name == "/usr/bin/tensorslab" {
				wantMode = 0o755
			}
			if !exists || f.mode.Perm() != wantMode {
				t.Errorf("%s: %s exists: %v, mode %v, want %v", a.Name, name, exists, f.mode, wantMode)
			}
		}
		if !bytes.Equal(files["./usr/bin/tensorslab"].content, binaryFor(t, folder, a)) {
			t.Errorf("%s: has another binary", a.Name)
		}
	}
}

func TestRPMPackages(t *testing.T) {
	folder := open(t)
	for _, a := range packagesOf(t, folder, ".rpm") {
		opened, err := rpmutils.ReadRpm(bytes.NewReader(read(t, folder.File(a))))
		if err != nil {
			t.Fatal(err)
		}
		files, err := opened.Header.GetFiles()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range files {
			names = append(names, f.Name())
		}
		for _, name := range append(slices.Clone(installed), "/usr/share/zsh/site-functions/_tensorslab") {
			if !slices.Contains(names, name) {
				t.Errorf("%s: lacks %s", a.Name, name)
			}
		}
		arch := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[a.GOARCH]
		if got, err := opened.Header.GetString(rpmutils.ARCH); err != nil || got != arch {
			t.Errorf("%s: is for %s, %v", a.Name, got, err)
		}
	}
}

// Each binary has a list of the modules in it, with their versions.
func TestBillsOfMaterials(t *testing.T) {
	folder := open(t)
	bills := folder.OfType("SBOM")
	if len(bills) != len(platforms) {
		t.Errorf("%d bills of materials, want %d", len(bills), len(platforms))
	}
	for _, a := range bills {
		var bill struct {
			BOMFormat string
			Metadata  struct {
				Component struct{ Name, Version string }
			}
			Components []struct{ Name, Version string }
		}
		data := read(t, folder.File(a))
		if err := json.Unmarshal(data, &bill); err != nil {
			t.Fatalf("%s: %v", a.Name, err)
		}
		versions := map[string]string{}
		for _, c := range bill.Components {
			versions[c.Name] = c.Version
		}
		const library = "github.com/tensorslab/tensorslab-go"
		if bill.BOMFormat != "CycloneDX" || bill.Metadata.Component.Version != "v"+folder.Version || versions[library] != "v"+folder.Version {
			t.Errorf("%s: %s of %+v with the library %q", a.Name, bill.BOMFormat, bill.Metadata.Component, versions[library])
		}
		for _, name := range []string{"github.com/spf13/cobra", "github.com/getkin/kin-openapi", "std"} {
			if versions[name] == "" {
				t.Errorf("%s: lacks %s", a.Name, name)
			}
		}
		if bytes.Contains(data, []byte("devel")) || strings.Contains(string(data), os.TempDir()) {
			t.Errorf("%s: names no version, or a folder", a.Name)
		}
	}
}
