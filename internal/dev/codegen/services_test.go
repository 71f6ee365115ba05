package codegen

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// two are the service of this module, and one whose package is below its package.
var two = append(slices.Clone(All), Service{
	Name: "videos", Document: "videos.json", Config: "videos.yaml", Overlay: "api/videos.yaml", Package: "generated/videos",
})

func TestEachServiceIsComplete(t *testing.T) {
	t.Parallel()
	if len(All) == 0 {
		t.Fatal("there is no service")
	}
	seen := map[string]bool{}
	for _, s := range All {
		for _, value := range []string{s.Name, s.Document, s.Config, s.Overlay, s.Package, s.Address} {
			if value == "" || seen[value] {
				t.Errorf("%+v has %q, which is empty or another's", s, value)
			}
			seen[value] = true
		}
	}
}

func TestOutputOfServices(t *testing.T) {
	t.Parallel()
	files := Files{"generated/a.go": nil, "generated/x/b.go": nil, "generated/videos/c.go": nil, "generated/videosx/d.go": nil}
	for i, want := range [][]string{{"generated/a.go", "generated/videosx/d.go", "generated/x/b.go"}, {"generated/videos/c.go"}} {
		var got []string
		for name := range two.outputOf(two[i], files) {
			got = append(got, name)
		}
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", two[i].Name, d)
		}
	}
	if got := two.folders(""); !slices.Equal(got, []string{"generated"}) {
		t.Errorf("the folders are %q", got)
	}
	apart := Services{{Package: "generated"}, {Package: "videos"}}
	if got := apart.folders(""); !slices.Equal(got, []string{"generated", "videos"}) {
		t.Errorf("the folders are %q", got)
	}
}

// secondContract has an operation and a schema of the same names as the first.
const secondContract = `{"openapi": "3.0.3", "info": {"title": "Videos", "version": "1"}, "servers": [{"url": "https://videos.tensorslab.com"}],
	"paths": {"/v1/videos/delete": {"post": {
	"operationId": "deleteImagesTask", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeleteImagesTaskRequest"}}}},
	"responses": {"200": {"description": "OK"}}}}},
	"components": {"schemas": {"DeleteImagesTaskRequest": {"type": "object", "required": ["ids"], "properties": {"ids": {"type": "string"}}}}}}`

// withVideos returns a copy of the module with a second contract.
func withVideos(t *testing.T) string {
	t.Helper()
	dir := moduleCopy(t)
	writeFile(t, secondContract, dir, "videos.json")
	writeFile(t, strings.NewReplacer("package: generated", "package: videos", "output: generated/", "output: generated/videos/",
		"api/overlay.yaml", "api/videos.yaml").Replace(readFile(t, dir, Config)), dir, "videos.yaml")
	writeFile(t, "overlay: 1.0.0\ninfo:\n  title: Names\n  version: 1.0.0\nactions:\n  - target: $.info\n    update:\n      x-none: true\n", dir, "api", "videos.yaml")
	return dir
}

// Each contract has a package of its own, and neither knows of the other.
func TestTwoServices(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	dir := withVideos(t)
	inputs, err := two.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	output, err := two.Generate(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	first, second := string(output["generated/client.gen.go"]), string(output["generated/videos/client.gen.go"])
	server := string(output["generated/videos/server.gen.go"])
	if !strings.Contains(server, "from videos.json") || !strings.Contains(server, "package videos") || !strings.Contains(server, "https://videos.tensorslab.com") {
		t.Errorf("the server of the second service is %s", server)
	}
	if len(output) != 4 || !strings.Contains(first, "TaskIDs") || !strings.Contains(second, "package videos") || strings.Contains(second, "TaskIDs") {
		t.Fatalf("generated %d files: %.200s, %.200s", len(output), first, second)
	}
	if _, err := two.Write(dir, output); err != nil {
		t.Fatal(err)
	}
	if err := two.Check(t.Context(), dir); err != nil {
		t.Errorf("what was just written: %v", err)
	}
	edit(t, "package videos", "package  videos", dir, "generated", "videos", "client.gen.go")
	if err := two.Check(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "generated/videos/client.gen.go line") {
		t.Errorf("a file of the second service that was changed: %v", err)
	}
	// Without the second service its package is a file that nothing generates.
	removed, err := All.Write(dir, two.outputOf(two[0], output))
	if err != nil || !slices.Contains(removed, "generated/videos/client.gen.go") {
		t.Errorf("removed %q, %v", removed, err)
	}
}

// What is wrong with one of several contracts is told with the name of its file.
func TestErrorsNameTheContract(t *testing.T) {
	t.Parallel()
	dir := withVideos(t)
	tests := []struct{ name, file, text, want string }{
		{"no contract", "videos.json", "{}", "videos.json: the contract is not"},
		{"other folder", "videos.yaml", strings.ReplaceAll(readFile(t, dir, "videos.yaml"), "generated/videos/", "generated/other/"),
			"videos.json: the generator wrote nothing below generated/videos/"},
		{"no Go name", "videos.json", strings.ReplaceAll(secondContract, `"ids"`, `"进度"`), "videos.json: no Go name can be made of the property \"进度\"; give it one in api/videos.yaml"},
		{"no configuration", "videos.yaml", "package: [", "videos.json: the generator failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			needGenerator(t)
			inputs, err := two.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			inputs[tt.file] = []byte(tt.text)
			_, err = two.Generate(context.Background(), inputs)
			oneLine(t, err)
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v; want %s", err, tt.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "generated", "other")); err == nil {
		t.Error("the folder was written to")
	}
}
