package dist

import (
	"debug/buildinfo"
	"debug/elf"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var platforms = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

func platformsOf(artifacts []Artifact) []string {
	var found []string
	for _, a := range artifacts {
		found = append(found, a.GOOS+"/"+a.GOARCH)
	}
	slices.Sort(found)
	return found
}

func TestBinaries(t *testing.T) {
	folder := open(t)
	binaries := folder.OfType("Binary")
	if got := platformsOf(binaries); !slices.Equal(got, platforms) {
		t.Errorf("binaries for %q, want %q", got, platforms)
	}
	versions := map[string]bool{}
	for _, b := range binaries {
		info, err := buildinfo.ReadFile(folder.File(b))
		if err != nil {
			t.Errorf("%s: %v", b.Path, err)
			continue
		}
		versions[info.GoVersion] = true
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		for key, want := range map[string]string{"GOOS": b.GOOS, "GOARCH": b.GOARCH, "CGO_ENABLED": "0", "-trimpath": "true"} {
			if settings[key] != want {
				t.Errorf("%s: built with %s=%s, want %s", b.Path, key, settings[key], want)
			}
		}
	}
	if len(versions) != 1 {
		t.Errorf("built with the Go versions %v, want one", versions)
	}
}

// Nothing has to be installed beside the binary.
func TestBinariesAreStatic(t *testing.T) {
	folder := open(t)
	for _, b := range folder.OfType("Binary") {
		if b.GOOS != "linux" {
			continue
		}
		program, err := elf.Open(folder.File(b))
		if err != nil {
			t.Fatal(err)
		}
		defer program.Close()
		for _, segment := range program.Progs {
			if segment.Type == elf.PT_INTERP {
				t.Errorf("%s needs a dynamic loader", b.Path)
			}
		}
	}
}

// The binary for this machine prints the version of the release.
func TestVersion(t *testing.T) {
	folder := open(t)
	for _, b := range folder.OfType("Binary") {
		if b.GOOS != runtime.GOOS || b.GOARCH != runtime.GOARCH {
			continue
		}
		out, err := exec.CommandContext(t.Context(), folder.File(b), "version").Output()
		first, _, _ := strings.Cut(string(out), "\n")
		if want := "tensorslab v" + folder.Version; err != nil || first != want {
			t.Errorf("%s version: %q, %v; want %q", b.Path, first, err, want)
		}
		return
	}
	t.Skip("no binary for this machine")
}
