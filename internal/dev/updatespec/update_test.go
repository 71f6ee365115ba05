package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	u := update{root: root, build: []string{"./..."}, tests: [][]string{{"-run=" + tests, "."}}, out: &out, log: &log}
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
	if status != 0 || !strings.Contains(stdout, "added the optional property `data/trial`") || !strings.Contains(stderr, "the contract is in place") {
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

// A property that the wrapper names cannot go unnoticed: the report says what was
// removed, the compiler says where it is needed, and nothing is changed.
func TestUpdateThatBreaksTheWrapper(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	text := inSchema(t, dir, "DeleteImagesTaskRequest", `"uid": {`, `"user": {`)
	before := snapshot(t, dir)
	status, stdout, stderr := program(t, dir, "none", "SPEC_URL="+serveContract(t, text))
	if status != 1 || !strings.Contains(stdout, "removed the request property `uid`") {
		t.Errorf("exit status %d, printed %s", status, stdout)
	}
	for _, part := range []string{"the module does not compile with this contract: ", "UID", "the tree is as it was\n"} {
		if !strings.Contains(stderr, part) {
			t.Errorf("standard error lacks %q: %s", part, stderr)
		}
	}
	unchanged(t, dir, before)
}

func TestUpdateThatFailsTests(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t, client...)
	before, after, _ := strings.Cut(get(t, dir, codegen.Contract), `"operationId": "deleteImagesTask"`)
	text := before + `"operationId": "deleteImagesTask"` + replaced(t, after, `"code": 1000,`, `"code": "1000",`) // of the example
	files := snapshot(t, dir)
	status, _, stderr := program(t, dir, "Examples", "SPEC_URL="+serveContract(t, text))
	for _, part := range []string{"FAIL: TestContractExamplesConform", "the tests fail with this contract", "the tree is as it was\n"} {
		if status != 1 || !strings.Contains(stderr, part) {
			t.Errorf("exit status %d, standard error lacks %q: %s", status, part, stderr)
		}
	}
	unchanged(t, dir, files)
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t, client...)
	whole := get(t, dir, codegen.Contract)
	notFound := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(notFound.Close)
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "openapi.json")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return "SPEC_FILE=" + name
	}
	url := func(text string) string { return "SPEC_URL=" + serveContract(t, text) }
	tests := []struct{ name, variable, want string }{
		{"not found", "SPEC_URL=" + notFound.URL, "HTTP 404 Not Found"},
		{"HTML", url("<html>"), "web page"},
		{"HTML in a file", file("<html>"), "web page"},
		{"truncated", url(whole[:len(whole)-10]), "unexpected end of JSON input"},
		{"truncated in a file", file(whole[:100]), "unexpected end of JSON input"},
		{"huge", url(strings.Repeat(" ", maxDocument+1)), "too large for a contract"},
		{"huge file", file(strings.Repeat(" ", maxDocument+1)), "too large for a contract"},
		{"YAML", url("openapi: 3.0.3\npaths: {}\n"), "YAML"},
		{"not valid", url(strings.Replace(whole, "schemas/BaseResponse", "schemas/None", 1)), "not a valid OpenAPI 3 document"},
		{"no file", "SPEC_FILE=" + filepath.Join(dir, "none.json"), "none.json"},
		{"bytes after it", file(whole + "x"), "after top-level value"},
	}
	before := snapshot(t, dir)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := program(t, dir, "none", tt.variable)
			last := stderr[strings.LastIndex(strings.TrimSuffix(stderr, "\n"), "\n")+1:]
			if status != 1 || stdout != "" || !strings.HasPrefix(last, "updatespec: ") || !strings.Contains(last, tt.want) || !strings.HasSuffix(last, "; the tree is as it was\n") {
				t.Errorf("exit status %d, printed %q, %q; want 1 and %q", status, stdout, stderr, tt.want)
			}
		})
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
	u := update{root: root, out: io.Discard, log: io.Discard}
	if err := u.install(t.Context(), dir, before, nil); err == nil || !strings.Contains(err.Error(), codegen.Overlay+" was changed in the meantime") {
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
			read, err := sourceOf(tt.args, func(name string) string { return tt.env[name] })
			if errors.Is(err, errUsage) != tt.usage || (read == nil) != tt.usage {
				t.Errorf("%v; want a usage error: %t", err, tt.usage)
			}
		})
	}
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for _, variables := range [][]string{{"SPEC_FILE=a", "SPEC_URL=b"}, {"SPEC_URL=openapi.json"}, {"SPEC_URL=http://example.com/openapi.json"}} {
		status, stdout, stderr := program(t, t.TempDir(), "none", variables...)
		if status != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "usage: make update-spec") {
			t.Errorf("%q: exit status %d, printed %q, %q", variables, status, stdout, stderr)
		}
	}
}
