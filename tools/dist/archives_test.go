package dist

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// binaryFor returns the content of the binary for the platform of another file.
func binaryFor(t *testing.T, folder *Folder, a Artifact) []byte {
	t.Helper()
	for _, b := range folder.OfType("Binary") {
		if b.GOOS == a.GOOS && b.GOARCH == a.GOARCH {
			return read(t, folder.File(b))
		}
	}
	t.Fatalf("%s: no binary for its platform", a.Name)
	return nil
}

var completions = []string{"tensorslab.bash", "tensorslab.fish", "tensorslab.powershell", "tensorslab.zsh"}

func TestArchives(t *testing.T) {
	folder := open(t)
	archives := folder.OfType("Archive")
	if got := platformsOf(archives); !slices.Equal(got, platforms) {
		t.Errorf("archives for %q, want %q", got, platforms)
	}
	for _, a := range archives {
		files := unpack(t, folder.File(a))
		name := "tensorslab"
		if a.GOOS == "windows" {
			name += ".exe"
		}
		if !bytes.Equal(files[name].content, binaryFor(t, folder, a)) || files[name].mode.Perm() != 0o755 {
			t.Errorf("%s: %s has mode %v, or is not the binary of that platform", a.Name, name, files[name].mode)
		}
		want := []string{"LICENSE", "README.md", "CHANGELOG.md", "man/tensorslab.1.gz", "man/tensorslab-images-generate.1.gz"}
		for _, completion := range completions {
			want = append(want, "completions/"+completion)
		}
		for _, name := range want {
			if len(files[name].content) == 0 {
				t.Errorf("%s: lacks %s", a.Name, name)
			}
		}
		for name, f := range files {
			if !f.time.Equal(files["LICENSE"].time) {
				t.Errorf("%s: %s is of %v, and LICENSE of %v", a.Name, name, f.time, files["LICENSE"].time)
			}
		}
	}
}

// Each file that is published has its checksum, and the checksums are right.
func TestChecksums(t *testing.T) {
	folder := open(t)
	sums := checksums(t, folder)
	published := slices.Concat(folder.OfType("Archive"), folder.OfType("Linux Package"), folder.OfType("SBOM"))
	if len(published) != len(sums) || len(published) != 6+4+6 {
		t.Errorf("%d files and %d checksums, want 16 of each", len(published), len(sums))
	}
	for _, a := range published {
		sum := sha256.Sum256(read(t, folder.File(a)))
		if got := hex.EncodeToString(sum[:]); sums[a.Name] != got {
			t.Errorf("%s: the checksum is %s, and says %q", a.Name, got, sums[a.Name])
		}
	}
}

func checksums(t *testing.T, folder *Folder) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for line := range strings.Lines(string(read(t, filepath.Join(folder.Path, "checksums.txt")))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	return sums
}

var manPage = regexp.MustCompile(`manpage "([^"]+)"`)

// The cask has the archives for macOS, and names all man pages: it cannot do so by a pattern.
func TestCask(t *testing.T) {
	folder := open(t)
	cask := string(read(t, filepath.Join(folder.Path, "homebrew", "Casks", "tensorslab.rb")))
	listed, exist := map[string]bool{}, map[string]bool{}
	for _, match := range manPage.FindAllStringSubmatch(cask, -1) {
		listed[match[1]] = true
	}
	sums := checksums(t, folder)
	for _, a := range folder.OfType("Archive") {
		if a.GOOS != "darwin" {
			continue
		}
		if sum := sums[a.Name]; sum == "" || !strings.Contains(cask, sum) {
			t.Errorf("the cask lacks the checksum of %s, %q", a.Name, sum)
		}
		for name := range unpack(t, folder.File(a)) {
			if strings.HasPrefix(name, "man/") {
				exist[name] = true
			}
		}
	}
	if len(exist) == 0 || !maps.Equal(listed, exist) {
		t.Errorf("the cask names the man pages %q, and the archives have %q: edit homebrew_casks in .goreleaser.yaml",
			slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(exist)))
	}
	if !strings.Contains(cask, `version "`+folder.Version+`"`) {
		t.Error("the cask is of another version")
	}
}
