package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// specOf is a document with operations by their addresses, and schemas.
func specOf(t *testing.T, operations, schemas string) document {
	t.Helper()
	doc, err := readDocument([]byte(`{"paths": {` + operations + `}, "components": {"schemas": {` + schemas + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

const twoOperations = `"/a": {"post": {"operationId": "makeA"}, "parameters": [], "x-y": {"operationId": "no"}}, "/b": {"get": {"operationId": "readB"}, "put": {}}`

func TestOperations(t *testing.T) {
	t.Parallel()
	want := operations{"makeA": "POST /a", "readB": "GET /b"}
	if d := cmp.Diff(want, specOf(t, twoOperations, "").operations()); d != "" {
		t.Error(d)
	}
}

func TestLosses(t *testing.T) {
	t.Parallel()
	old := specOf(t, twoOperations, "").operations()
	tests := []struct {
		name  string
		now   operations
		lost  []string
		moved []string
	}{
		{"the same", old, nil, nil},
		{"more", operations{"makeA": "POST /a", "readB": "GET /b", "c": "GET /c"}, nil, nil},
		{"withdrawn", operations{"readB": "GET /b"}, []string{"the contract no longer has makeA"}, nil},
		{"renamed", operations{"createA": "POST /a", "readB": "GET /b"}, []string{"the contract calls makeA createA now (POST /a)"}, nil},
		{"another path", operations{"makeA": "POST /v2/a", "readB": "GET /b"}, nil, []string{"makeA moved from POST /a to POST /v2/a"}},
		{"another method", operations{"makeA": "POST /a", "readB": "POST /b"}, nil, []string{"readB moved from GET /b to POST /b"}},
		{"other names for each other's paths", operations{"makeA": "GET /b", "readB": "POST /a"}, nil,
			[]string{"makeA moved from POST /a to GET /b", "readB moved from GET /b to POST /a"}},
		{"none", operations{}, []string{"the contract no longer has makeA", "the contract no longer has readB"}, nil},
	}
	for _, tt := range tests {
		var lost []string
		for _, l := range losses(old, tt.now) {
			lost = append(lost, l.String())
		}
		if d := cmp.Diff(tt.lost, lost); d != "" {
			t.Errorf("%s: lost (-want +got):\n%s", tt.name, d)
		}
		if d := cmp.Diff(tt.moved, moves(old, tt.now)); d != "" {
			t.Errorf("%s: moved (-want +got):\n%s", tt.name, d)
		}
	}
}

func TestRenamedSchema(t *testing.T) {
	t.Parallel()
	old := specOf(t, "", `"A": {"type": "string"}, "B": {"type": "integer"}`)
	for schemas, want := range map[string]string{
		`"B": {"type": "integer"}`:                           "",
		`"B": {"type": "integer"}, "C": {"type": "string"}`:  "C",
		`"B": {"type": "integer"}, "C": {"type": "boolean"}`: "",
		`"B": {"type": "string"}`:                            "",
	} {
		if got := renamedSchema(old, specOf(t, "", schemas), "A"); got != want {
			t.Errorf("%s: %q; want %q", schemas, got, want)
		}
	}
}

func TestLostField(t *testing.T) {
	t.Parallel()
	old := specOf(t, `"/a": {"post": {"operationId": "makeA", "requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {"count": {"type": "integer"}}}}}}}}`,
		`"Task": {"allOf": [{"properties": {"task_id": {"type": "string"}, "url": {"type": "string"}}}]}, "Other": {"properties": {"url": {}}}`)
	now := specOf(t, `"/a": {"post": {"operationId": "makeA", "requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {}}}}}}}`,
		`"Task": {"properties": {"id": {"type": "string"}}}, "Other": {"properties": {"url": {}}}`)
	trial := trial{service: codegen.All[0], old: old, now: now}
	for text, want := range map[string]string{
		"x.TaskID undefined (type *generated.Task has no field or method TaskID)":            "the contract calls task_id of Task id now",
		"x.TaskID undefined (type generated.Task has no field or method TaskID, but does …)": "the contract calls task_id of Task id now",
		"unknown field TaskID in struct literal of type generated.Task":                      "the contract calls task_id of Task id now",
		"unknown field Count in struct literal of type generated.MakeAMultipartRequestBody":  "the contract no longer has count of makeA",
		"x.Count undefined (type struct{…} has no field or method Count)":                    "the contract no longer has count of makeA",
		"unknown field URL in struct literal of type generated.Other":                        "",
		"undefined: generated.Task": "",
	} {
		if got := trial.lostField(text); got != want {
			t.Errorf("%s: %q; want %q", text, got, want)
		}
	}
}

func TestCompilerLines(t *testing.T) {
	t.Parallel()
	got := compilerLines("# example.com/m/wrapper\nwrapper/a.go:12:3: undefined: b\n./c.go:1:2: d: e\n\tcontinued\ngo: f\n" + `cmd\x\y.go:3:4: z` + "\n")
	want := []string{"wrapper/a.go:12: undefined: b", "c.go:1: d: e", "cmd/x/y.go:3: z"}
	if d := cmp.Diff(want, texts(got)); d != "" {
		t.Error(d)
	}
}
