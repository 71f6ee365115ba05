package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

const (
	moduleRoot = "../../.."
	client     = "generated/client.gen.go"
	asProgram  = "TENSORSLAB_TEST_GENERATE"
)

// TestMain runs the program in place of the tests if a variable says so.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program runs the program in dir and returns its exit status and output.
func program(t *testing.T, dir string, args ...string) (status int, output string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), asProgram+"=1")
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// moduleCopy returns a folder with what is generated and what it is made of.
func moduleCopy(t *testing.T) string {
	t.Helper()
	nested.Need(t)
	published, err := codegen.Published(context.Background(), moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	if published {
		t.Skip("the module cache holds no tools/go.mod: run this in a clone of the repository")
	}
	files, err := codegen.Load(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range files {
		put(t, dir, name, data)
	}
	put(t, dir, client, get(t, moduleRoot, client))
	return dir
}

func put(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Whatever became of the generated folder, the program brings it back.
func TestGenerateMends(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(t *testing.T, dir string)
		says  string
	}{
		{"edited", func(t *testing.T, dir string) { put(t, dir, client, []byte("package generated\n\nfunc {\n")) }, ""},
		{"missing", func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, codegen.OutputDir)); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"with a stale file", func(t *testing.T, dir string) { put(t, dir, "generated/old.gen.go", []byte("package generated\n")) },
			"generate: removed generated/old.gen.go, "},
	}
	want := get(t, moduleRoot, client)
	current, err := codegen.Output(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			tt.spoil(t, dir)
			if status, out := program(t, dir); status != 0 || (out == "") != (tt.says == "") || !strings.HasPrefix(out, tt.says) {
				t.Fatalf("exit status %d, output %q", status, out)
			}
			if !bytes.Equal(get(t, dir, client), want) {
				t.Error("the client differs from the one in the tree")
			}
			files, err := codegen.Output(dir)
			if err != nil || !slices.Equal(slices.Sorted(maps.Keys(files)), slices.Sorted(maps.Keys(current))) {
				t.Errorf("the folder holds %d files, %v; want %d", len(files), err, len(current))
			}
		})
	}
}

func TestGenerateFollowsTheContract(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	put(t, dir, codegen.Contract, bytes.ReplaceAll(get(t, dir, codegen.Contract), []byte("deleteImagesTask"), []byte("removeImages")))
	if status, out := program(t, dir); status != 0 {
		t.Fatalf("exit status %d, output %q", status, out)
	}
	if !bytes.Contains(get(t, dir, client), []byte("RemoveImagesWithResponse(")) {
		t.Error("the client lacks the new name")
	}
	if err := codegen.Check(context.Background(), dir); err != nil {
		t.Error(err)
	}
}

// A refusal is one line and exit status 1, and the generated folder stays as it is.
func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	contract := string(get(t, moduleRoot, "internal/testkit/frozen/contract.json")) // where each path is known
	path, _, _ := strings.Cut(contract[strings.Index(contract, `"/v1/images/deleteimagestask"`):], "\n    }")
	path += "\n    }"
	again := strings.Replace(path, "/v1/images/deleteimagestask", "/v1/again", 1)
	tests := []struct{ name, file, text, want string }{
		{"empty", codegen.Contract, "", "it is empty"},
		{"truncated", codegen.Contract, contract[:len(contract)-100], "unexpected end of JSON input"},
		{"not JSON", codegen.Contract, "<html>", "line 1: invalid character '<'"},
		{"YAML", codegen.Contract, "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\n", "it is YAML: convert it to JSON"},
		{"not OpenAPI", codegen.Contract, `{"name": "x"}`, "it has no openapi field"},
		{"no paths", codegen.Contract, `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}}`, "invalid paths"},
		{"dangling reference", codegen.Contract, strings.Replace(contract, "schemas/BaseResponse", "schemas/None", 1), "None"},
		{"operationId twice", codegen.Contract, strings.Replace(contract, path, path+","+again, 1), `same operation id "deleteImagesTask"`},
		{"names that collide", codegen.Config, "package: generated\noutput: generated/client.gen.go\ngenerate:\n  models: true\n  client: true\n", "which the generated code itself has"},
		{"no generator", codegen.ToolsMod, "module example.com/tools\n", "no such tool"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			put(t, dir, "generated/mine.go", []byte("package generated\n"))
			put(t, dir, tt.file, []byte(tt.text))
			status, out := program(t, dir)
			if status != 1 || strings.Count(out, "\n") != 1 || !strings.Contains(out, tt.want) {
				t.Errorf("exit status %d, output %q; want 1 and one line with %q", status, out, tt.want)
			}
			if !bytes.Equal(get(t, dir, client), get(t, moduleRoot, client)) {
				t.Error("the client was changed")
			}
			entries, err := os.ReadDir(filepath.Join(dir, codegen.OutputDir))
			if err != nil || len(entries) != 2 {
				t.Errorf("the folder holds %v, %v; want the two files that it had", entries, err)
			}
		})
	}
}

func TestGenerateUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if status, out := program(t, dir, "openapi.json"); status != 2 || !strings.Contains(out, "takes no arguments") {
		t.Errorf("with an argument: exit status %d, output %q", status, out)
	}
	if status, out := program(t, dir); status != 1 || strings.Count(out, "\n") != 1 || !strings.Contains(out, codegen.Contract) {
		t.Errorf("in another folder: exit status %d, output %q", status, out)
	}
}
