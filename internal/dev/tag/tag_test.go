package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var modules = []string{".", "cmd/tensorslab"}

// ready are the files of a repository that can be tagged as v1.2.3.
var ready = map[string]string{
	"wrapper/client.go":     "package wrapper\n\nconst Version = \"1.2.3\"\n",
	"CHANGELOG.md":          "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-26\n",
	"go.work":               "go 1.26.0\n\nuse (\n\t.\n\t./cmd/tensorslab\n)\n\nreplace " + library + " v1.2.3 => ./\n",
	"go.mod":                "module " + library + "\n\ngo 1.26.0\n",
	"cmd/tensorslab/go.mod": "module " + library + "/cmd/tensorslab\n\ngo 1.26.0\n\nrequire " + library + " v1.2.3\n",
}

// repository makes a repository of the files in ready, with some of them replaced.
func repository(t *testing.T, replaced map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range ready {
		if other, ok := replaced[name]; ok {
			content = other
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "--quiet"}, {"config", "user.name", "test"}, {"config", "user.email", "test@example.com"},
		{"add", "."}, {"commit", "--quiet", "--message", "all"},
	} {
		if _, err := git(dir, args...); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTagsAreSetOnlyOnRequest(t *testing.T) {
	t.Parallel()
	dir := repository(t, nil)
	for _, run := range []bool{false, true} {
		if err := tag(dir, "v1.2.3", modules, run); err != nil {
			t.Fatal(err)
		}
		out, err := git(dir, "tag", "--points-at", "HEAD")
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		if run {
			want = []string{"cmd/tensorslab/v1.2.3", "v1.2.3"}
		}
		if got := strings.Fields(out); !slices.Equal(got, want) {
			t.Errorf("run %v: tags %q, want %q", run, got, want)
		}
	}
	if err := tag(dir, "v1.2.3", modules, true); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("the second time: %v", err)
	}
}

// Each fault alone prevents a release, and is named.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		version  string
		replaced map[string]string
		want     string
	}{
		"no version":               {version: "", want: "form"},
		"a version without v":      {version: "1.2.3", want: "form"},
		"another constant":         {replaced: map[string]string{"wrapper/client.go": "package wrapper\n\nconst Version = \"1.2.2\"\n"}, want: "wrapper/client.go lacks"},
		"no entry":                 {replaced: map[string]string{"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n"}, want: "CHANGELOG.md lacks"},
		"another workspace":        {replaced: map[string]string{"go.work": "go 1.26.0\n"}, want: "go.work lacks"},
		"another library":          {replaced: map[string]string{"cmd/tensorslab/go.mod": strings.ReplaceAll(ready["cmd/tensorslab/go.mod"], "v1.2.3", "v1.2.2")}, want: "requires " + library + " v1.2.2"},
		"a replace directive":      {replaced: map[string]string{"cmd/tensorslab/go.mod": ready["cmd/tensorslab/go.mod"] + "\nreplace " + library + " => ../..\n"}, want: "replace directive"},
		"a go.mod that is no such": {replaced: map[string]string{"go.mod": "module"}, want: "go.mod"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			version := "v1.2.3"
			if strings.Contains(name, "version") {
				version = tt.version
			}
			faults := check(repository(t, tt.replaced), version, modules)
			if len(faults) != 1 || !strings.Contains(faults[0], tt.want) {
				t.Errorf("%q, want one with %q", faults, tt.want)
			}
		})
	}
}

func TestUncommittedChanges(t *testing.T) {
	t.Parallel()
	dir := repository(t, nil)
	if err := os.WriteFile(filepath.Join(dir, "new.go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if faults := check(dir, "v1.2.3", modules); len(faults) != 1 || !strings.Contains(faults[0], "new.go") {
		t.Errorf("%q", faults)
	}
}
