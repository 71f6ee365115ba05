package tensorslab_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are all of the module, but for those in testdata.
var documents = slices.Concat(globbed("*.md"), globbed("docs/*.md"), globbed("*/README.md"))

func globbed(pattern string) []string {
	names, err := filepath.Glob(pattern)
	if err != nil {
		panic(err)
	}
	return names
}

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

// ofDurable is a document whose blocks are tested by the module durable, which it is about.
var ofDurable = filepath.FromSlash("docs/durable.md")

// folded returns text with each run of white space replaced by one space.
func folded(text string) string { return strings.Join(strings.Fields(text), " ") }

// importEnd is the line after which a program's declarations begin.
const importEnd = "\n)\n"

// Each block in the documents is of a language for which a test runs it.
func TestDocumentsShowWhatIsTested(t *testing.T) {
	t.Parallel()
	tested := []string{"go", "sh", "crontab", "python", "js", "json"} // those but Go: in the command's tests
	opening := regexp.MustCompile("^ *```(.*)$")
	for _, name := range documents {
		tested, open := tested, false
		if name == ofDurable {
			tested = append(slices.Clone(tested), "mermaid", "sql", "yaml")
		}
		for line := range strings.Lines(readText(t, name)) {
			match := opening.FindStringSubmatch(strings.TrimRight(line, "\n"))
			if match == nil {
				continue
			}
			if open = !open; open && !slices.Contains(tested, match[1]) {
				t.Errorf("%s: no test runs blocks of the language %q", name, match[1])
			}
		}
	}
}

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
		if name == ofDurable {
			continue
		}
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
			if !strings.HasPrefix(block, "package main") || name == ofDurable {
				continue
			}
			programs++
			file := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
				t.Fatal(err)
			}
			// This compiles the file, and links no program.
			if out, err := exec.CommandContext(t.Context(), "go", "list", "-export", file).CombinedOutput(); err != nil {
				t.Errorf("%s: %v: %s", name, err, out)
			}
		}
	}
	if programs == 0 {
		t.Error("found no program")
	}
}

var makeTarget = regexp.MustCompile(`(?m)^([a-z-]+):.*## .+$`)

// Each make target says what it does.
func TestMakeTargetsAreDescribed(t *testing.T) {
	t.Parallel()
	described := describedTargets(t)
	for _, match := range regexp.MustCompile(`(?m)^\.PHONY: (.+)$`).FindAllStringSubmatch(readText(t, "Makefile"), -1) {
		if !described[match[1]] {
			t.Errorf("make help does not list %s: it has no ## comment", match[1])
		}
	}
}

func describedTargets(t *testing.T) map[string]bool {
	t.Helper()
	described := map[string]bool{}
	for _, match := range makeTarget.FindAllStringSubmatch(readText(t, "Makefile"), -1) {
		described[match[1]] = true
	}
	return described
}

// Each make command in the documents has a target, and each go command names packages that
// exist. The tests of the command run the rest.
func TestDocumentsNameTargetsAndPackages(t *testing.T) {
	t.Parallel()
	described, packages := describedTargets(t), map[string]bool{}
	for _, name := range documents {
		for _, match := range toolLine.FindAllStringSubmatch(strings.Join(blocks(readText(t, name), "sh"), ""), -1) {
			dir, tool, arguments := match[1], match[2], strings.Fields(match[3])
			if tool == "go" && arguments[0] == "mod" { // in a module of the reader's
				continue
			}
			for _, word := range arguments {
				switch {
				case tool == "make" && !strings.Contains(word, "=") && !described[word]:
					t.Errorf("%s: there is no target for %q", name, match[0])
				case tool == "go" && dir != "" && strings.HasPrefix(word, "./"): // another module
					if _, err := os.Stat(filepath.Join(dir, word)); err != nil {
						t.Errorf("%s: %q: %v", name, match[0], err)
					}
				case tool == "go" && dir == "" && isPackage(word):
					word, _, _ = strings.Cut(word, "@")
					packages[word] = true
				}
			}
		}
	}
	args := append([]string{"list"}, slices.Sorted(maps.Keys(packages))...)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(cmd.Environ(), "GOWORK=") // make update-spec turns go.work off, by which the command is found
	if out, err := cmd.CombinedOutput(); err != nil || len(packages) == 0 {
		t.Errorf("go %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// toolLine matches a command of make or go: its directory, its name and its arguments.
var toolLine = regexp.MustCompile(`(?m)^ *(?:cd (\S+) && )?(?:\w+=\S* )*(make|go) ([^#\n]*)`)

func isPackage(word string) bool {
	return strings.HasPrefix(word, ".") || strings.Contains(word, ".com/")
}

var link = regexp.MustCompile(`\]\(([^):#]*)(#[^)]+)?\)`)

// Each link to a file of the module leads to a file, and to a heading if it names one.
func TestDocumentsLinkToWhatExists(t *testing.T) {
	t.Parallel()
	for _, name := range documents {
		for _, match := range link.FindAllStringSubmatch(fence.ReplaceAllString(readText(t, name), ""), -1) {
			target := name
			if match[1] != "" {
				target = filepath.Join(filepath.Dir(name), match[1])
			}
			text, err := os.ReadFile(target)
			if info, statErr := os.Stat(target); statErr == nil && info.IsDir() {
				err = nil
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if match[2] != "" && !slices.Contains(anchors(string(text)), match[2]) {
				t.Errorf("%s: %s has no heading for %s", name, target, match[2])
			}
		}
	}
}

// anchors returns the links to the headings of a document, as GitHub makes them.
func anchors(text string) []string {
	var found []string
	for _, match := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(text, -1) {
		words := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(match[1]), "")
		found = append(found, "#"+strings.ReplaceAll(words, " ", "-"))
	}
	return found
}

// Once a version is published, the README no longer says that none is.
func TestReadmeKnowsWhetherAVersionIsPublished(t *testing.T) {
	t.Parallel()
	published := versionHeading.MatchString(readText(t, "CHANGELOG.md"))
	if denied := strings.Contains(folded(readText(t, "README.md")), "No version is published yet"); denied == published {
		t.Errorf("CHANGELOG.md has a version: %v; README.md says that none is published: %v", published, denied)
	}
}

var versionHeading = regexp.MustCompile(`(?m)^## \[(\d[^\]]*)\]`)

// The newest version in the changelog is the one in the User-Agent header.
func TestChangelogKnowsTheVersion(t *testing.T) {
	t.Parallel()
	match := regexp.MustCompile(`(?m)^const Version = "(.+)"$`).FindStringSubmatch(readText(t, "wrapper/client.go"))
	if match == nil {
		t.Fatal("wrapper/client.go states no version")
	}
	sections := versionHeading.FindAllStringSubmatch(readText(t, "CHANGELOG.md"), -1)
	if len(sections) > 0 && sections[0][1] != match[1] {
		t.Errorf("the newest version in CHANGELOG.md is %s, and the User-Agent header says %s", sections[0][1], match[1])
	}
}
