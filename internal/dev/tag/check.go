package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

const library = "github.com/tensorslab/tensorslab-go"

var versionForm = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$`)

// check returns what prevents a release of the modules with that version, one fault each.
func check(dir, version string, modules []string) []string {
	if !versionForm.MatchString(version) {
		return []string{"the version is not of the form v1.2.3"}
	}
	bare := strings.TrimPrefix(version, "v")
	faults := missing(dir, map[string]string{
		"wrapper/client.go": fmt.Sprintf("\nconst Version = %q\n", bare),
		"CHANGELOG.md":      fmt.Sprintf("\n## [%s] - ", bare),
		"go.work":           fmt.Sprintf("\nreplace %s %s => ./\n", library, version),
	})
	for _, module := range modules {
		faults = append(faults, checkModule(filepath.Join(dir, module, "go.mod"), version)...)
	}
	if changed, err := git(dir, "status", "--porcelain"); err != nil || changed != "" {
		faults = append(faults, fmt.Sprintf("the tree has changes that are not committed: %.200s%v", strings.ReplaceAll(changed, "\n", ", "), orNothing(err)))
	}
	for _, name := range tagsOf(version, modules) {
		if found, err := git(dir, "tag", "--list", name); err != nil || found != "" {
			faults = append(faults, fmt.Sprintf("the tag %s exists%v", name, orNothing(err)))
		}
	}
	return faults
}

func orNothing(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

// missing reports each file that does not contain its text.
func missing(dir string, texts map[string]string) []string {
	var faults []string
	for _, name := range []string{"wrapper/client.go", "CHANGELOG.md", "go.work"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			faults = append(faults, err.Error())
		} else if !strings.Contains(string(content), texts[name]) {
			faults = append(faults, fmt.Sprintf("%s lacks %q", name, strings.Trim(texts[name], "\n")))
		}
	}
	return faults
}

// checkModule reports what in a go.mod would stop users of that version: a replace directive makes
// "go install" refuse a module, and another version of the library would be linked.
func checkModule(file, version string) []string {
	out, err := exec.Command("go", "mod", "edit", "-json", file).Output()
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", file, err)}
	}
	var mod struct {
		Require, Replace []struct{ Path, Version string }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		return []string{fmt.Sprintf("%s: %v", file, err)}
	}
	var faults []string
	if len(mod.Replace) > 0 {
		faults = append(faults, file+" has a replace directive")
	}
	for _, r := range mod.Require {
		ours := r.Path == library || strings.HasPrefix(r.Path, library+"/")
		if ours && r.Version != version {
			faults = append(faults, fmt.Sprintf("%s requires %s %s", file, r.Path, r.Version))
		}
	}
	return faults
}
