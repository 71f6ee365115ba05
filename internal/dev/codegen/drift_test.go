package codegen

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// drift is one way in which the tree comes apart, tried alone on a copy without
// version control.
type drift struct {
	name string
	do   func(t *testing.T, dir string)
	want []string // parts of the message
}

const client = "client.gen.go"

var inputDrifts = []drift{
	{"contract edited", func(t *testing.T, dir string) {
		edit(t, "List of task IDs to delete", "Tasks to delete", dir, Contract)
	}, []string{"generated/client.gen.go line ", "List of task IDs", "Tasks to delete"}},
	{"config edited", func(t *testing.T, dir string) {
		edit(t, "response-type-suffix: HTTPResponse", "response-type-suffix: Answer", dir, Config)
	}, []string{"generated/client.gen.go line ", "Answer"}},
	{"config with another output", func(t *testing.T, dir string) {
		edit(t, "generated/client.gen.go", "generated/api.gen.go", dir, Config)
	}, []string{"generated/api.gen.go is missing", "generated/client.gen.go is not generated"}},
	{"overlay edited", func(t *testing.T, dir string) {
		edit(t, "TaskIDs", "Tasks", dir, Overlay)
	}, []string{"generated/client.gen.go line ", "TaskIDs", "Tasks"}},
	{"another server", func(t *testing.T, dir string) {
		edit(t, "https://api.tensorslab.com", "https://images.example.com/v2/", dir, Contract)
	}, []string{"generated/server.gen.go line ", "https://images.example.com/v2"}},
	{"generator moved", moveGenerator, []string{"generated/client.gen.go line "}},
}

var outputDrifts = []drift{
	{"file edited", func(t *testing.T, dir string) {
		edit(t, `json:"taskids"`, `json:"taskIds"`, dir, OutputDir, client)
	}, []string{"generated/client.gen.go line ", `json:\"taskIds\"`, `json:\"taskids\"`}},
	{"line added at the end", func(t *testing.T, dir string) {
		writeFile(t, readFile(t, dir, OutputDir, client)+"// more\n", dir, OutputDir, client)
	}, []string{`is "// more\n", not missing`}},
	{"last byte lost", func(t *testing.T, dir string) {
		text := readFile(t, dir, OutputDir, client)
		writeFile(t, text[:len(text)-1], dir, OutputDir, client)
	}, []string{"generated/client.gen.go line "}},
	{"file emptied", func(t *testing.T, dir string) {
		writeFile(t, "", dir, OutputDir, client)
	}, []string{"generated/client.gen.go line 1 is missing"}},
	{"line ends changed", func(t *testing.T, dir string) {
		edit(t, "\n", "\r\n", dir, OutputDir, client)
	}, []string{`generated/client.gen.go line 1`, `\r\n"`}},
	{"written by another version", func(t *testing.T, dir string) {
		edit(t, pinnedVersion(t), "v2.0.1", dir, OutputDir, client)
	}, []string{"generated/client.gen.go line 3", "v2.0.1"}},
	{"file added", func(t *testing.T, dir string) {
		writeFile(t, "package generated\n", dir, OutputDir, "extra.go")
	}, []string{"generated/extra.go is not generated"}},
	{"file added that is no Go", func(t *testing.T, dir string) {
		writeFile(t, "", dir, OutputDir, ".gitkeep")
	}, []string{"generated/.gitkeep is not generated"}},
	{"file added in a folder", func(t *testing.T, dir string) {
		writeFile(t, "package more\n", dir, OutputDir, "more", "extra.go")
	}, []string{"generated/more/extra.go is not generated"}},
	{"file missing", func(t *testing.T, dir string) {
		remove(t, dir, OutputDir, client)
	}, []string{"generated/client.gen.go is missing"}},
	{"folder missing", func(t *testing.T, dir string) {
		remove(t, dir, OutputDir, client)
		remove(t, dir, OutputDir+"/"+serverFile)
		remove(t, dir, OutputDir)
	}, []string{"generated/client.gen.go is missing"}},
}

// The test of the same at the module's root cannot be compiled when the generated
// code is missing or broken. This one can, and names what fixes it.
func TestCheckAcceptsTheTree(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	if err := Check(context.Background(), moduleRoot); err != nil {
		t.Error(err)
	}
}

func TestCheckFindsDriftOfInputs(t *testing.T) {
	t.Parallel()
	for _, d := range inputDrifts {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			d.do(t, dir)
			d.check(t, dir, func() error { return Check(context.Background(), dir) })
		})
	}
}

func TestCheckFindsDriftOfOutput(t *testing.T) {
	t.Parallel()
	for _, d := range outputDrifts {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			d.do(t, dir)
			d.check(t, dir, func() error { return All.compare(dir, generated(t)) })
		})
	}
}

func (d drift) check(t *testing.T, dir string, run func() error) {
	t.Helper()
	before := snapshot(t, dir)
	err := run()
	oneLine(t, err)
	if drift := (*DriftError)(nil); !errors.As(err, &drift) {
		t.Fatalf("%v is no DriftError", err)
	}
	for _, part := range append(d.want, "run: go generate ./...") {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the message lacks %q: %v", part, err)
		}
	}
	if !strings.HasSuffix(err.Error(), "run: "+Fix) {
		t.Errorf("the message does not end with what fixes it: %v", err)
	}
	unchanged(t, dir, before)
}

// What cannot be generated at all fails as well, with the reason.
func TestCheckFailsWithoutSoundInputs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(t *testing.T, dir string)
		want  string
	}{
		{"version in tools/go.mod moved alone", func(t *testing.T, dir string) {
			edit(t, "oapi-codegen/v2 "+pinnedVersion(t), "oapi-codegen/v2 v2.8.1", dir, ToolsMod)
		}, "missing go.sum entry"},
		{"pin missing", func(t *testing.T, dir string) { remove(t, dir, ToolsMod) }, "go.mod"},
		{"contract missing", func(t *testing.T, dir string) { remove(t, dir, Contract) }, Contract},
		{"contract not valid", func(t *testing.T, dir string) { writeFile(t, "{}", dir, Contract) }, "not a valid OpenAPI 3 document"},
		{"config missing", func(t *testing.T, dir string) { remove(t, dir, Config) }, Config},
		{"overlay missing", func(t *testing.T, dir string) { remove(t, dir, Overlay) }, "overlay.yaml"},
		{"overlay not valid", func(t *testing.T, dir string) { writeFile(t, "actions: [", dir, Overlay) }, "Overlay"},
		{"unknown setting", func(t *testing.T, dir string) {
			edit(t, "prefer-skip-optional-pointer", "prefer-skip-optional-pointers", dir, Config)
		}, "prefer-skip-optional-pointers"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			tt.spoil(t, dir)
			before := snapshot(t, dir)
			err := Check(context.Background(), dir)
			oneLine(t, err)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the message lacks %q: %v", tt.want, err)
			}
			unchanged(t, dir, before)
		})
	}
}

func TestCompareRefusesLinks(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	remove(t, dir, OutputDir, client)
	if err := os.Symlink(filepath.Join("..", Contract), filepath.Join(dir, OutputDir, client)); err != nil {
		t.Skip(err)
	}
	err := All.compare(dir, generated(t))
	oneLine(t, err)
	if want := "generated/client.gen.go is not a regular file"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q", err, want)
	}
}

func TestDriftErrorIsBounded(t *testing.T) {
	t.Parallel()
	have := Files{}
	for i := range 100 {
		have[fmt.Sprintf("generated/f%03d.go", i)] = nil
	}
	have["generated/0.go"] = []byte(strings.Repeat("x", 1<<20))
	err := &DriftError{diff(have, Files{"generated/0.go": {}}), []string{OutputDir}}
	oneLine(t, err)
	if want := "and 96 more; run: go generate ./..."; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v does not end with %q", err, want)
	}
}

func TestDiffLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	tests := []struct{ have, want, text string }{
		{"a\nb\nc\n", "a\nx\nc\n", `line 2 is "b\n", not "x\n"`},
		{"a\n", "a\nb\n", `line 2 is missing, not "b\n"`},
		{"a\nb\n", "a\n", `line 2 is "b\n", not missing`},
		{"", "a\n", `line 1 is missing, not "a\n"`},
		{"a\r\n", "a\n", `line 1 is "a\r\n", not "a\n"`},
		{"a", "a\n", `line 1 is "a", not "a\n"`},
		{long + "a\n", long + "b\n", `line 1 is "…` + long[:20] + `a\n", not "…` + long[:20] + `b\n"`},
		{long, "", `line 1 is "` + long[:80] + `…", not missing`},
		{"\xff\n", "a\n", `line 1 is "\xff\n", not "a\n"`},
	}
	for _, tt := range tests {
		if got := diffLine([]byte(tt.have), []byte(tt.want)); got != tt.text {
			t.Errorf("diffLine(%q, %q) = %s; want %s", tt.have, tt.want, got, tt.text)
		}
	}
}
