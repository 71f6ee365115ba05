package tensorslab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var documents = []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "api/README.md", "bench/README.md"}

var fence = regexp.MustCompile("(?ms)^ *```([a-z]+)\n(.*?)^ *```")

// blocks returns the fenced code of one language in a document.
func blocks(text, language string) []string {
	var found []string
	for _, match := range fence.FindAllStringSubmatch(text, -1) {
		if match[1] == language {
			found = append(found, match[2])
		}
	}
	return found
}

// folded returns text with each run of white space replaced by one space.
func folded(text string) string { return strings.Join(strings.Fields(text), " ") }

// importEnd is the line after which a program's declarations begin.
const importEnd = "\n)\n"

// Go code in the documents is code that the tests of wrapper and batch compile and run. A whole
// program has its functions there; TestDocumentsShowProgramsThatCompile checks the rest.
func TestDocumentsShowCodeThatRuns(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, pattern := range []string{"batch/*_test.go", "wrapper/*_test.go"} {
		tests, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range tests {
			code.WriteString(folded(readText(t, name)) + "\n")
		}
	}
	shown := 0
	for _, name := range documents {
		for _, block := range blocks(readText(t, name), "go") {
			if strings.HasPrefix(block, "package main") {
				_, block, _ = strings.Cut(block, importEnd)
			}
			if shown++; folded(block) == "" || !strings.Contains(code.String(), folded(block)) {
				t.Errorf("%s shows code that is in no test of wrapper or batch:\n%s", name, block)
			}
		}
	}
	if shown == 0 {
		t.Error("found no Go code")
	}
}

// Each program in the documents compiles as it is shown, with its imports.
func TestDocumentsShowProgramsThatCompile(t *testing.T) {
	t.Parallel()
	programs := 0
	for _, name := range documents {
		for _, block := range blocks(readText(t, name), "go") {
			if !strings.HasPrefix(block, "package main") {
				continue
			}
			programs++
			file := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.CommandContext(t.Context(), "go", "vet", file).CombinedOutput(); err != nil {
				t.Errorf("%s: %v: %s", name, err, out)
			}
		}
	}
	if programs == 0 {
		t.Error("found no program")
	}
}

var makeTarget = regexp.MustCompile(`(?m)^([a-z-]+):.*## .+$`)

// Each make command in the documents is a target, and each target says what it does.
func TestDocumentsNameMakeTargets(t *testing.T) {
	t.Parallel()
	makefile := readText(t, "Makefile")
	described := map[string]bool{}
	for _, match := range makeTarget.FindAllStringSubmatch(makefile, -1) {
		described[match[1]] = true
	}
	for _, match := range regexp.MustCompile(`(?m)^\.PHONY: (.+)$`).FindAllStringSubmatch(makefile, -1) {
		if !described[match[1]] {
			t.Errorf("make help does not list %s: it has no ## comment", match[1])
		}
	}
	for _, name := range documents {
		for _, block := range blocks(readText(t, name), "sh") {
			for line := range strings.Lines(block) {
				command, _, _ := strings.Cut(line, "#")
				words := strings.Fields(command)
				if len(words) < 2 || words[0] != "make" {
					continue
				}
				for _, target := range words[1:] {
					if !strings.Contains(target, "=") && !described[target] {
						t.Errorf("%s: there is no target for %q", name, strings.TrimSpace(line))
					}
				}
			}
		}
	}
}

var localLink = regexp.MustCompile(`\]\(([^):#]+)\)`)

func TestDocumentsLinkToFilesThatExist(t *testing.T) {
	t.Parallel()
	for _, name := range documents {
		for _, match := range localLink.FindAllStringSubmatch(readText(t, name), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), match[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// The newest version in the changelog is the one in the User-Agent header.
func TestChangelogKnowsTheVersion(t *testing.T) {
	t.Parallel()
	match := regexp.MustCompile(`(?m)^const Version = "(.+)"$`).FindStringSubmatch(readText(t, "wrapper/client.go"))
	if match == nil {
		t.Fatal("wrapper/client.go states no version")
	}
	sections := regexp.MustCompile(`(?m)^## \[(\d[^\]]*)\]`).FindAllStringSubmatch(readText(t, "CHANGELOG.md"), -1)
	if len(sections) > 0 && sections[0][1] != match[1] {
		t.Errorf("the newest version in CHANGELOG.md is %s, and the User-Agent header says %s", sections[0][1], match[1])
	}
}
