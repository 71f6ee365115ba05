package tensorslab_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// goLines are the lines of Go that the module is promised for, the oldest first. To move to
// another pair, change these; the tests name every file that has to follow.
var goLines = []string{"1.26", "1.27"}

// goModules returns each go.mod of the repository, and go.work.
func goModules(t *testing.T) []string {
	t.Helper()
	found := []string{"go.work"}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case entry.Name() == "go.mod":
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Every module asks for the first release of the oldest line, so that each user with a supported
// Go can build it. Who builds a release may need a patch of that line.
func TestModulesAskForTheOldestGo(t *testing.T) {
	t.Parallel()
	files := goModules(t)
	if len(files) < 7 {
		t.Fatalf("found %q only", files)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`)
	for _, name := range files {
		match := version.FindStringSubmatch(readText(t, name))
		if match == nil {
			t.Errorf("%s has no Go version", name)
			continue
		}
		oldest := match[1] == goLines[0]+".0"
		if filepath.ToSlash(name) == "tools/release/go.mod" {
			oldest = strings.HasPrefix(match[1], goLines[0]+".")
		}
		if !oldest {
			t.Errorf("%s has go %s; the oldest promised is %s", name, match[1], goLines[0])
		}
	}
}

// What the documents promise, CI tests, and a release is built with the newest.
func TestGoVersionsAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	oldest, newest := goLines[0], goLines[len(goLines)-1]
	for name, texts := range map[string][]string{
		"README.md":                {"Go " + oldest + " or later", "Go " + oldest + " and " + newest},
		"CONTRIBUTING.md":          {"Go " + oldest + " or later"},
		".github/workflows/ci.yml": {`go: ["` + strings.Join(goLines, `", "`) + `"]`},
		"Makefile":                 {"RELEASE_GO = go" + newest + "."},
	} {
		for _, text := range texts {
			if !strings.Contains(readText(t, name), text) {
				t.Errorf("%s lacks %q", name, text)
			}
		}
	}
	setUp := regexp.MustCompile(`go-version: "([^"]*)"`)
	for _, name := range globbed(".github/workflows/*.yml") {
		for _, match := range setUp.FindAllStringSubmatch(readText(t, name), -1) {
			if !slices.Contains(goLines, match[1]) {
				t.Errorf("%s sets up Go %s", name, match[1])
			}
		}
	}
}

// An action runs with the rights of the workflow. A tag of it can be moved to other code, a
// commit cannot.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (\S+)(.*)$`)
	pinned := regexp.MustCompile(`^([\w./-]+)@([0-9a-f]{40})$`)
	comment := regexp.MustCompile(`^ # v\d+\.\d+\.\d+$`)
	commits := map[string]string{} // by the repository of the action
	for _, name := range globbed(".github/workflows/*.yml") {
		text := readText(t, name)
		for _, match := range uses.FindAllStringSubmatch(text, -1) {
			action := pinned.FindStringSubmatch(match[1])
			if action == nil || !comment.MatchString(match[2]) {
				t.Errorf("%s: %q is not a commit with its version after it", name, strings.TrimSpace(match[0]))
				continue
			}
			repository := strings.Join(strings.SplitN(action[1], "/", 3)[:2], "/")
			if other, seen := commits[repository]; seen && other != action[2] {
				t.Errorf("%s: %s is at two commits", name, repository)
			}
			commits[repository] = action[2]
		}
		if !regexp.MustCompile(`(?m)^permissions:`).MatchString(text) {
			t.Errorf("%s does not limit what its token may do", name)
		}
	}
	if len(commits) < 2 {
		t.Errorf("found the actions %v only", commits)
	}
}

// Dependabot looks only where it is told to.
func TestDependabotKnowsEachModule(t *testing.T) {
	t.Parallel()
	config := readText(t, ".github/dependabot.yml")
	for _, name := range goModules(t)[1:] {
		folder := strings.TrimSuffix("/"+strings.TrimSuffix(filepath.ToSlash(name), "go.mod"), "/")
		if folder == "" {
			folder = "/"
		}
		if !strings.Contains(config, `"`+folder+`"`) {
			t.Errorf(".github/dependabot.yml lacks %q", folder)
		}
	}
}

// The released modules have one version: each requires the library with the version that it says
// it has, and the workspace puts this checkout in its place.
func TestModulesRequireThisVersion(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`(?m)^const Version = "(.+)"$`).FindStringSubmatch(readText(t, "wrapper/client.go"))
	if version == nil {
		t.Fatal("wrapper/client.go states no version")
	}
	required := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(module) + ` (v\S+)`)
	dependent := 0
	for _, name := range goModules(t)[1:] {
		text := readText(t, name)
		match := required.FindStringSubmatch(text)
		if match == nil || strings.Contains(text, "replace "+module+" ") { // it has no version of ours
			continue
		}
		if dependent++; match[1] != "v"+version[1] {
			t.Errorf("%s requires %s, and wrapper.Version is %s", name, match[1], version[1])
		}
	}
	if dependent == 0 {
		t.Error("no module requires the library")
	}
	if want := "replace " + module + " v" + version[1] + " => ./"; !strings.Contains(readText(t, "go.work"), want) {
		t.Errorf("go.work lacks %q", want)
	}
}
