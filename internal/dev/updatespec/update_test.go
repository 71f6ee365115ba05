package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// serveContract responds to every request with text, and returns its address.
func serveContract(t *testing.T, text string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w, text) }))
	t.Cleanup(server.Close)
	return server.URL + "/openapi.json"
}

// program runs the program in root with variables in the form name=value. It runs
// the named tests of the root package only: they hold what is imported equal to what
// is generated.
func program(t *testing.T, root, tests string, variables ...string) (status int, stdout, stderr string) {
	t.Helper()
	env := map[string]string{}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	var out, log bytes.Buffer
	first := slices.DeleteFunc(slices.Clone(firstPackages), func(name string) bool {
		_, err := os.Stat(filepath.Join(root, name))
		return err != nil
	})
	u := update{root: root, first: first, build: []string{"./..."}, tests: [][]string{{"-run=" + tests, "."}}, out: &out, log: &log}
	status = run(t.Context(), &u, nil, func(name string) string { return env[name] })
	return status, out.String(), log.String()
}

// A contract that grew is imported, whatever its form; and once only.
func TestUpdate(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	url := serveContract(t, strings.ReplaceAll(grown(t, dir), "\n", ""))
	before := snapshot(t, dir)
	status, stdout, stderr := program(t, dir, "IsCurrent|AsPublished|TestContract", "SPEC_URL="+url)
	if status != 0 || !strings.Contains(stdout, "added the optional property `data/trial`") || !strings.Contains(stdout, "DeleteImagesTaskData.Trial: added") || !strings.Contains(stderr, "the contract is in place") {
		t.Fatalf("exit status %d, printed %s, %s", status, stdout, stderr)
	}
	changed := map[string]string{
		codegen.Contract:                 "\n          \"trial\": {\n            \"type\": \"integer\"\n          },\n",
		"generated/client.gen.go":        "`json:\"trial,omitempty\"`",
		"testdata/deleteimagestask.json": `"trial": {`,
	}
	after := snapshot(t, dir)
	for name, part := range changed {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if !strings.Contains(after[path], part) {
			t.Errorf("%s lacks %q", name, part)
		}
		before[path] = after[path]
	}
	for _, name := range []string{"go.mod", "go.sum"} { // as go mod tidy leaves them
		before[filepath.Join(dir, name)] = after[filepath.Join(dir, name)]
	}
	unchanged(t, dir, before)
	if err := codegen.Check(t.Context(), dir); err != nil {
		t.Error(err)
	}
	status, stdout, stderr = program(t, dir, "IsCurrent|AsPublished|TestContract", "SPEC_URL="+url)
	if status != 0 || stdout != "" || !strings.Contains(stderr, "openapi.json is up to date") {
		t.Errorf("again: exit status %d, printed %s, %s", status, stdout, stderr)
	}
	unchanged(t, dir, before)
}

// Somebody who edits an input while the tests run loses nothing.
func TestInstallSparesNews(t *testing.T) {
	t.Parallel()
	root, dir := moduleCopy(t, client...), moduleCopy(t, client...)
	before, err := codegen.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(root, filepath.FromSlash(codegen.Overlay))
	if err := os.WriteFile(overlay, []byte("edited"), 0o644); err != nil {
		t.Fatal(err)
	}
	files := snapshot(t, root)
	c := candidate{update: &update{service: codegen.All[0], root: root, out: io.Discard, log: io.Discard}, dir: dir, before: before}
	if err := c.install(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), codegen.Overlay+" was changed in the meantime") {
		t.Errorf("%v; want an error with the name", err)
	}
	unchanged(t, root, files)
}

func TestSourceOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		args  []string
		env   map[string]string
		usage bool
	}{
		{"nothing: the published address", nil, nil, false},
		{"an address", nil, map[string]string{"SPEC_URL": "https://example.com"}, false},
		{"a file", nil, map[string]string{"SPEC_FILE": "openapi.json"}, false},
		{"both", nil, map[string]string{"SPEC_FILE": "a", "SPEC_URL": "b"}, true},
		{"an argument", []string{"openapi.json"}, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			read, err := sourceOf(tt.args, func(name string) string { return tt.env[name] }, codegen.All[0].Address)
			if errors.Is(err, errUsage) != tt.usage || (read == nil) != tt.usage {
				t.Errorf("%v; want a usage error: %t", err, tt.usage)
			}
		})
	}
}

// Of several services one has to be named.
func TestServiceOf(t *testing.T) {
	t.Parallel()
	one := codegen.Services{{Name: "images"}}
	two := append(slices.Clone(one), codegen.Service{Name: "videos"})
	tests := []struct {
		all        codegen.Services
		name, want string // "" for a usage error
	}{
		{one, "", "images"}, {one, "images", "images"}, {one, "videos", ""},
		{two, "", ""}, {two, "images", "images"}, {two, "videos", "videos"}, {two, "Videos", ""},
	}
	for _, tt := range tests {
		got, err := serviceOf(tt.all, tt.name)
		if got.Name != tt.want || errors.Is(err, errUsage) != (tt.want == "") {
			t.Errorf("%q of %d: %q, %v; want %q", tt.name, len(tt.all), got.Name, err, tt.want)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for _, variables := range [][]string{{"SERVICE=none"}, {"SPEC_FILE=a", "SPEC_URL=b"}, {"SPEC_URL=openapi.json"}, {"SPEC_URL=http://example.com/openapi.json"}} {
		status, stdout, stderr := program(t, t.TempDir(), "none", variables...)
		if status != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "usage: make update-spec") {
			t.Errorf("%q: exit status %d, printed %q, %q", variables, status, stdout, stderr)
		}
	}
}
