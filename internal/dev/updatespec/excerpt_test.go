package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

const two = `{
  "openapi": "3.0.3",
  "info": {
    "title": "t",
    "version": "1.0"
  },
  "paths": {
    "/b": {
      "parameters": [],
      "post": {
        "operationId": "makeB",
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
        "responses": {"200": {"$ref": "#/components/responses/Made"}}
      },
      "get": {
        "operationId": "readA",
        "security": [],
        "responses": {"200": {"description": "a < b & \u0063", "x-number": 1.0}}
      }
    }
  },
  "security": [{"Key": []}],
  "components": {
    "securitySchemes": {
      "Other": {"type": "http", "scheme": "basic"},
      "Key": {"type": "apiKey", "in": "header", "name": "K"}
    },
    "schemas": {
      "Unused": {"type": "string"},
      "Loop": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
      "B": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}
    },
    "responses": {
      "Made": {"description": "Made"}
    }
  },
  "x-more": true
}
`

func excerptOf(t *testing.T, text, id string) string {
	t.Helper()
	doc, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	out, err := doc.excerpt(id)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id           string
		holds, lacks []string
	}{
		{"makeB", []string{`"/b"`, `"post"`, `"Key"`, `"B"`, `"Loop"`, `"Made"`, `"title"`}, []string{`"get"`, "Other", "Unused", "x-more", `"parameters"`}},
		{"readA", []string{`"/b"`, `"get"`, `a < b & \u0063`, `"x-number": 1.0`, `"security": [`}, []string{`"post"`, "components", "Unused"}},
		{"none", []string{`"openapi"`, `"info"`}, []string{"paths", "components"}},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			t.Parallel()
			got := excerptOf(t, two, tt.id)
			for _, part := range tt.holds {
				if !strings.Contains(got, part) {
					t.Errorf("it lacks %s: %s", part, got)
				}
			}
			for _, part := range tt.lacks {
				if strings.Contains(got, part) {
					t.Errorf("it holds %s: %s", part, got)
				}
			}
			if again := excerptOf(t, got, tt.id); again != got {
				t.Errorf("an excerpt of it is another text: %s", again)
			}
		})
	}
}

// All of the document's operations, in the document's order, are the document
// itself where it has nothing more.
func TestExcerptKeepsTheOrder(t *testing.T) {
	t.Parallel()
	got := excerptOf(t, two, "makeB")
	last := -1
	for _, part := range []string{`"openapi"`, `"info"`, `"paths"`, `"security"`, `"components"`, `"securitySchemes"`, `"schemas"`, `"Loop": {`, `"B": {`, `"responses": {` + "\n      \"Made"} {
		at := strings.LastIndex(got, part)
		if at <= last {
			t.Errorf("%s is at %d, after %d: %s", part, at, last, got)
		}
		last = at
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	doc, err := parse([]byte(two))
	if got := doc.operations(); err != nil || !slices.Equal(got, []string{"makeB", "readA"}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := parse([]byte("[")); err == nil || !strings.Contains(err.Error(), "openapi.json") {
		t.Errorf("%v; want an error with the name", err)
	}
}

func TestRenewCopies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, old, now string
		renewed        []string
	}{
		{"nothing new", `"Made"`, `"Made"`, nil},
		{"news of another operation", `"a < b`, `"a <= b`, nil},
		{"news of what nothing refers to", `"Unused"`, `"Unneeded"`, nil},
		{"news of the operation", `"operationId": "makeB",`, `"operationId": "makeB", "summary": "s",`, []string{"testdata/makeb.json"}},
		{"news of what it refers to", `"description": "Made"`, `"description": "New"`, []string{"testdata/makeb.json"}},
		{"news of its key", `"name": "K"`, `"name": "L"`, []string{"testdata/makeb.json"}},
		{"the operation has gone", `"makeB"`, `"makeC"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			difftest.Write(t, dir, "testdata/makeb.json", "the copy")
			difftest.Write(t, dir, "testdata/other.json", "no copy")
			before := snapshot(t, dir)
			now := replaced(t, two, tt.old, tt.now)
			renewed, err := renewCopies(dir, []byte(two), []byte(now))
			if err != nil || !slices.Equal(renewed, tt.renewed) {
				t.Fatalf("renewed %q, %v; want %q", renewed, err, tt.renewed)
			}
			for _, name := range renewed {
				if got := get(t, dir, name); got != excerptOf(t, now, "makeB") {
					t.Errorf("%s is %s", name, got)
				}
				before[filepath.Join(dir, filepath.FromSlash(name))] = get(t, dir, name)
			}
			unchanged(t, dir, before)
		})
	}
}

// The vendored copy is an excerpt of the vendored contract, so that a renewed one
// differs from it in nothing but the news.
func TestCopyIsAnExcerpt(t *testing.T) {
	t.Parallel()
	paths := func(text string) string { return text[strings.Index(text, `"paths"`):] }
	got := excerptOf(t, get(t, moduleRoot, "openapi.json"), "deleteImagesTask")
	if d := cmp.Diff(paths(get(t, moduleRoot, "testdata/deleteimagestask.json")), paths(got)); d != "" {
		t.Errorf("-copy +excerpt:\n%s", d)
	}
}
