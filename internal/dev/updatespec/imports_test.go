package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// rewrite is for maintainers who added a contract: it writes what came out of each to
// testdata/imports.json, to be read in the difference.
var rewrite = flag.Bool("rewrite", false, "write testdata/imports.json as it is now")

// imported is what becomes of a contract of the tables of internal/dev/evolution.
type imported struct {
	Name   string `json:"name"`
	Status int    `json:"status"` // of the program
	// First is the first line that the program prints, without the numbers of lines of our
	// code; of a contract that is put in place, nothing.
	First string `json:"first,omitempty"`
	// Drift lists the generated files that the drift check calls out of date until they are
	// generated again. Without any, the contract changed nothing that is generated.
	Drift []string `json:"drift,omitempty"`
	// Verdict and Report are of a contract that is an edit of the frozen one.
	Verdict string   `json:"verdict,omitempty"`
	Report  []string `json:"report,omitempty"`
}

// tableRow is a contract of the tables.
type tableRow struct {
	Name            string
	Patch, Document difftest.Object
}

// tried is what contracts are tried with.
type tried struct {
	root    string // of a module with the frozen contract
	frozen  []byte
	inputs  codegen.Files
	output  codegen.Files
	written *sources
	*checker
}

// What make update-spec does with each contract of the tables: its status and first
// line, whether the drift check notices the contract until the client is generated
// again, and the report. A contract that is refused leaves everything as it is; no
// contract changes in silence; and each client that is generated compiles.
func TestImports(t *testing.T) {
	difftest.Need(t, moduleRoot)
	tr, rows := newTried(t), tableRows(t)
	found := make([]imported, len(rows))
	t.Run("each", func(t *testing.T) {
		for i, row := range rows {
			if i%5 != 0 && os.Getenv("ALL_IMPORTS") == "" {
				continue // each takes seconds; make evolution tries all
			}
			t.Run(row.Name, func(t *testing.T) {
				t.Parallel()
				found[i] = tr.try(t, i, row)
			})
		}
	})
	t.Run("compiled", tr.compile)
	var want []imported
	if err := json.Unmarshal([]byte(get(t, ".", "testdata/imports.json")), &want); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows { // some may be left out, also by -run
		at := slices.IndexFunc(want, func(w imported) bool { return w.Name == row.Name })
		if found[i].Name == "" && at >= 0 {
			found[i] = want[at]
		}
	}
	if d := cmp.Diff(want, found); d != "" && !*rewrite {
		t.Errorf("-want +got:\n%s", d)
	}
	if *rewrite {
		writeImports(t, found)
	}
}

// tableRows returns the contracts of all tables, and one of many operations.
func tableRows(t *testing.T) []tableRow {
	t.Helper()
	var all []tableRow
	for _, table := range []string{"history", "edits", "makers"} {
		var rows []tableRow
		if err := json.Unmarshal([]byte(get(t, moduleRoot, "internal/dev/evolution/testdata/"+table+".json")), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			row.Name = table + "/" + row.Name
			all = append(all, row)
		}
	}
	return append(all, tableRow{Name: "makers/huge", Document: huge(400)})
}

func newTried(t *testing.T) *tried {
	t.Helper()
	tr := &tried{root: moduleCopyWhole(t), frozen: []byte(get(t, moduleRoot, "internal/testkit/frozen/contract.json"))}
	// Only some contracts need all of the runtime, which then has to be among what is listed.
	difftest.Write(t, tr.root, "tried/tried.go", "package tried\n\nimport _ \"github.com/oapi-codegen/runtime\"\n")
	if err := codegen.Adopt(t.Context(), tr.root, tr.frozen); err != nil {
		t.Fatal(err)
	}
	var err error
	if tr.inputs, err = codegen.Load(tr.root); err != nil {
		t.Fatal(err)
	}
	if tr.output, err = codegen.Output(tr.root); err != nil {
		t.Fatal(err)
	}
	if tr.written, err = parseSources(tr.root, codegen.All[0]); err != nil {
		t.Fatal(err)
	}
	if tr.checker, err = newChecker(t.Context(), tr.root, ".", "./generated", "./wrapper", "./batch/...", "./fakeapi", "./cmd/tensorslab/...", "./tried"); err != nil {
		t.Fatal(err)
	}
	return tr
}

// moduleCopyWhole returns a copy of the module with all that depends on generated code.
func moduleCopyWhole(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := codegen.CopyModule(moduleRoot, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

var lineNumber = regexp.MustCompile(`(\.go):\d+`)

// try does with a contract what the program does, but for the tests that it runs, and
// with the type checker in place of the compiler.
func (tr *tried) try(t *testing.T, i int, row tableRow) imported {
	t.Helper()
	isEdit := row.Document == nil
	value := any(row.Document)
	if isEdit {
		value = difftest.Merge(difftest.Decode(t, tr.frozen), row.Patch)
	}
	contract := difftest.Encode(t, value)
	found := imported{Name: row.Name}
	refused := func(err error) imported {
		found.Status, found.First = exitFailed, lineNumber.ReplaceAllString(err.Error(), "$1")
		if strings.Contains(found.First, "\n") {
			t.Errorf("the refusal has several lines: %s", found.First)
		}
		return found
	}
	if _, err := normalised(contract); err != nil {
		return refused(err)
	}
	inputs := maps.Clone(tr.inputs)
	inputs[codegen.Contract] = contract
	output, err := codegen.Uncompiled(t.Context(), inputs)
	if err != nil {
		return refused(err)
	}
	for name, data := range output { // to be compiled with all others
		difftest.Write(t, tr.root, fmt.Sprintf("tried/n%03d/%s", i, filepath.Base(name)), string(data))
	}
	found.Drift = tr.drift(t, output)
	if !isEdit {
		return found
	}
	report, err := changes.Contract(t.Context(), moduleRoot, tr.frozen, contract, changes.Text)
	if err != nil {
		t.Fatal(err)
	}
	found.Verdict, found.Report = report.Verdict(), slices.DeleteFunc(strings.Split(report.Text, "\n"), func(line string) bool { return line == "" })
	if len(found.Report) == 0 || report.Incomplete != "" {
		t.Errorf("%s; the report is %q", report.Incomplete, found.Report)
	}
	if err := tr.lacks(t, contract, output); err != nil {
		return refused(err)
	}
	return found
}

// lacks returns the refusal of a contract that lacks what the module uses.
func (tr *tried) lacks(t *testing.T, contract []byte, output codegen.Files) error {
	t.Helper()
	trial, err := newTrial(tr.root, codegen.All[0], tr.frozen, contract, tr.output, output, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := trial.check(tr.written); err != nil {
		return err
	}
	if messages := tr.check(output, "github.com/tensorslab/tensorslab-go", "github.com/tensorslab/tensorslab-go/wrapper", "github.com/tensorslab/tensorslab-go/fakeapi"); len(messages) > 0 {
		return fmt.Errorf("the module does not compile with this contract: %s", trial.cause(messages))
	}
	return nil
}

// drift returns the files that the drift check calls out of date while the module has
// the contract and not yet the output, and checks that it finds none afterwards.
func (tr *tried) drift(t *testing.T, output codegen.Files) []string {
	t.Helper()
	root := t.TempDir()
	if err := codegen.Replace(root, tr.output); err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := codegen.Compare(root, output); err != nil {
		for _, difference := range err.(*codegen.DriftError).Differences { //nolint:errorlint // it is nothing else
			name, _, _ := strings.Cut(difference, " ")
			names = append(names, name)
		}
	}
	if _, err := codegen.Write(root, output); err != nil {
		t.Fatal(err)
	}
	if err := codegen.Compare(root, output); err != nil {
		t.Errorf("once it is generated: %v", err)
	}
	return names
}

func (tr *tried) compile(t *testing.T) {
	if _, err := codegen.Run(t.Context(), tr.root, codegen.AnyModFile, "go", "mod", "tidy"); err != nil {
		t.Fatal(err)
	}
	if _, err := codegen.Run(t.Context(), tr.root, nil, "go", "build", "-trimpath", "./tried/..."); err != nil {
		t.Error(err)
	}
}

// huge is a document of many operations, each with schemas of its own.
func huge(operations int) difftest.Object {
	paths, schemas := difftest.Object{}, difftest.Object{}
	for i := range operations {
		name := fmt.Sprintf("Thing%03d", i)
		reference := difftest.Object{"application/json": difftest.Object{"schema": difftest.Object{"$ref": "#/components/schemas/" + name}}}
		paths["/v1/"+strings.ToLower(name)] = difftest.Object{"post": difftest.Object{"operationId": "make" + name,
			"requestBody": difftest.Object{"content": reference},
			"responses":   difftest.Object{"200": difftest.Object{"description": "made", "content": reference}}}}
		schemas[name] = difftest.Object{"type": "object", "properties": difftest.Object{
			"id": difftest.Object{"type": "string"}, "next": difftest.Object{"$ref": fmt.Sprintf("#/components/schemas/Thing%03d", (i+1)%operations)}}}
	}
	return difftest.Object{"openapi": "3.0.3", "info": difftest.Object{"title": "T", "version": "1"}, "paths": paths,
		"components": difftest.Object{"schemas": schemas}, "servers": []any{difftest.Object{"url": "https://api.example.com"}}}
}

func writeImports(t *testing.T, rows []imported) {
	t.Helper()
	var lines []string
	for _, row := range rows {
		var line strings.Builder
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(row); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSpace(line.String()))
	}
	if err := os.WriteFile(filepath.Join("testdata", "imports.json"), []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}
