package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// specFile returns the variable that has the contract read from a file with text.
func specFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return "SPEC_FILE=" + name
}

// Whatever is no contract is refused on one line, which is all that is printed, and
// nothing is changed.
func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t, client...)
	whole := get(t, dir, codegen.Contract)
	notFound := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(notFound.Close)
	url := func(text string) string { return "SPEC_URL=" + serveContract(t, text) }
	tests := []struct{ name, variable, want string }{
		{"not found", "SPEC_URL=" + notFound.URL, "HTTP 404 Not Found"},
		{"HTML", url("<html>"), "web page"},
		{"HTML in a file", specFile(t, "<html>"), "web page"},
		{"truncated", url(whole[:len(whole)-10]), "unexpected end of JSON input"},
		{"truncated in a file", specFile(t, whole[:100]), "unexpected end of JSON input"},
		{"huge", url(strings.Repeat(" ", maxDocument+1)), "too large for a contract"},
		{"huge file", specFile(t, strings.Repeat(" ", maxDocument+1)), "too large for a contract"},
		{"YAML", url("openapi: 3.0.3\npaths: {}\n"), "YAML"},
		{"not valid", url(strings.Replace(whole, "schemas/BaseResponse", "schemas/None", 1)), "not a valid OpenAPI 3 document"},
		{"no file", "SPEC_FILE=" + filepath.Join(dir, "none.json"), "none.json"},
		{"bytes after it", specFile(t, whole+"x"), "after top-level value"},
	}
	before := snapshot(t, dir)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := program(t, dir, "none", tt.variable)
			if status != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "updatespec: ") ||
				!strings.Contains(stderr, tt.want) || !strings.HasSuffix(stderr, "; the tree is as it was\n") {
				t.Errorf("exit status %d, printed %q, %q; want 1 and %q", status, stdout, stderr, tt.want)
			}
		})
	}
	unchanged(t, dir, before)
}

// offered returns an operation that has a model, and its files: the last one by name,
// since that of seeDreamV45 is the default and has more uses.
func offered(t *testing.T, dir string) offer {
	t.Helper()
	s, err := parseSources(dir, codegen.All[0])
	if err != nil {
		t.Fatal(err)
	}
	doc, err := readDocument([]byte(get(t, dir, codegen.Contract)))
	if err != nil {
		t.Fatal(err)
	}
	ids := slices.Sorted(maps.Keys(doc.operations()))
	for _, id := range slices.Backward(ids) {
		if o := s.offerOf(id); len(o.models) == 1 && len(o.methods) == 1 {
			return o
		}
	}
	t.Fatal("the module offers no operation with a model")
	return offer{}
}

// without is the contract in dir without the path of an operation.
func without(t *testing.T, dir, id string) string {
	t.Helper()
	doc, err := readDocument([]byte(get(t, dir, codegen.Contract)))
	if err != nil {
		t.Fatal(err)
	}
	_, path, _ := strings.Cut(doc.operations()[id], " ")
	return edited(t, get(t, dir, codegen.Contract), func(spec map[string]any) { delete(spec["paths"].(map[string]any), path) })
}

// A contract that lacks what the module uses is refused for that reason, in words of
// the contract and with the places, and below it is what changed. The compiler is
// asked only for the fields.
func TestUpdateThatLacksSomething(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	o := offered(t, dir)
	whole := get(t, dir, codegen.Contract)
	withdrawn := edited(t, without(t, dir, o.operation), func(spec map[string]any) {
		schema := spec["components"].(map[string]any)["schemas"].(map[string]any)["ErrorResponse"].(map[string]any)
		schema["example"] = map[string]any{"code": "no number", "msg": ""}
	})
	tests := []struct {
		name, contract, first string
		parts                 []string
		report                string
	}{
		{"an operation withdrawn", withdrawn, "the contract no longer has " + o.operation + ", which " + o.String() + " offer; ",
			append([]string{"WITHDRAW=" + o.operation, "\nhas no effect: /components/schemas/ErrorResponse/"}, o.own...), "breaks callers: "},
		{"an operation renamed", strings.Replace(whole, `"`+o.operation+`"`, `"another"`, 1), "the contract calls " + o.operation + " another now (",
			append([]string{"WITHDRAW=" + o.operation}, o.own...), "replaced with `another`"},
		{"a schema renamed", strings.ReplaceAll(whole, "GeneralResponse", "TaskResponse"), "the contract calls the schema GeneralResponse TaskResponse now; ",
			[]string{"wrapper/generate.go:"}, "GeneralResponse` was removed"},
		{"a field renamed", inSchema(t, dir, "DeleteImagesTaskRequest", `"uid": {`, `"user": {`),
			"the module does not compile with this contract: the contract calls uid of DeleteImagesTaskRequest user now, which wrapper/",
			[]string{"has no field or method UID"}, "removed the request property `uid`"},
	}
	before := snapshot(t, dir)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			isRefused(t, dir, tt.contract, tt.first, tt.parts, tt.report)
			unchanged(t, dir, before)
		})
	}
}

// isRefused checks what is printed of a contract: the reason first, parts below it, and
// then a part of the report.
func isRefused(t *testing.T, dir, contract, reason string, parts []string, report string) {
	t.Helper()
	status, stdout, stderr := program(t, dir, "none", specFile(t, contract))
	first, rest, _ := strings.Cut(stderr, "\n")
	if status != exitFailed || !strings.HasPrefix(first, "updatespec: "+reason) || !strings.HasSuffix(first, "; the tree is as it was") {
		t.Errorf("exit status %d, printed first %q; want 1 and %q", status, first, reason)
	}
	if strings.Contains(rest, "; the tree is as it was") {
		t.Errorf("the reason is printed twice: %s", stderr)
	}
	for _, part := range parts {
		if !strings.Contains(rest, part) {
			t.Errorf("standard error lacks %q: %s", part, stderr)
		}
	}
	if !strings.Contains(stdout, report) {
		t.Errorf("the report lacks %q: %s", report, stdout)
	}
}

// The reason is printed before anything is compared, which may first have to build the
// programs that compare, and before the rest of the module is built.
func TestTheReasonComesFirst(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t, "batch", "testdata/downstream")
	difftest.Write(t, dir, "other/other.go", "package other\n\nimport \"github.com/tensorslab/tensorslab-go/generated\"\n\nvar _ = generated.DeleteImagesTaskRequest{}.UID\n")
	contract := []byte(inSchema(t, dir, "DeleteImagesTaskRequest", `"uid": {`, `"user": {`))
	var log strings.Builder
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	u := update{service: codegen.All[0], root: dir, first: []string{"./wrapper"}, build: []string{"./..."}, out: io.Discard,
		log: io.MultiWriter(&log, stopAt{"the tree is as it was", cancel})}
	err := u.run(ctx, func(context.Context) ([]byte, error) { return contract, nil })
	if !errors.Is(err, context.Canceled) || !strings.Contains(log.String(), "the contract calls uid of DeleteImagesTaskRequest user now, which wrapper/") || strings.Contains(log.String(), "other/other.go") {
		t.Errorf("%v: %s", err, log.String())
	}
	status, stdout, stderr := program(t, dir, "none", specFile(t, string(contract)))
	if status != exitFailed || !strings.Contains(stderr, "other/other.go:5: ") || !strings.Contains(stdout, "DeleteImagesTaskRequest.UID: removed") {
		t.Errorf("exit status %d, printed %s, %s", status, stdout, stderr)
	}
}

func TestUpdateThatFailsTests(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t, client...)
	before, after, _ := strings.Cut(get(t, dir, codegen.Contract), `"operationId": "deleteImagesTask"`)
	text := before + `"operationId": "deleteImagesTask"` + replaced(t, after, `"code": 1000,`, `"code": "1000",`) // of the example
	files := snapshot(t, dir)
	status, _, stderr := program(t, dir, "Examples", "SPEC_URL="+serveContract(t, text))
	first, rest, _ := strings.Cut(stderr, "\n")
	if status != exitFailed || !strings.HasPrefix(first, "updatespec: the tests fail with this contract: TestContractExamplesConform") || !strings.HasSuffix(first, "; the tree is as it was") {
		t.Errorf("exit status %d, printed first %q", status, first)
	}
	if !strings.Contains(rest, "--- FAIL: TestContractExamplesConform") {
		t.Errorf("standard error lacks what the test said: %s", stderr)
	}
	unchanged(t, dir, files)
}
