package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// smallModule has an operation with a model, one with an entry in a table, and one
// that nothing offers.
var smallModule = map[string]string{
	"wrapper/makea.go": "package wrapper\n\n// ModelA is a model.\nconst ModelA Model = \"model-a\"\n\nconst other = \"b\"\n\nfunc init() { models[ModelA] = \"makeA\" }\n\n" +
		"// MakeA makes.\nfunc (c *Client) MakeA() { generated.NewMakeA() }\n\nfunc (c *Client) hidden() {}\n\nfunc (o other) Exported() {}\n",
	"wrapper/makea_test.go":  "package wrapper\n\nfunc TestMakeA() {}\n",
	"wrapper/readb.go":       "package wrapper\n\nconst opReadB = \"readB\"\n\nfunc (c *Client) ReadB() {}\n",
	"wrapper/table.go":       "package wrapper\n\nvar table = map[string]int{\n	opReadB:   1,\n	\"another\": 2,\n}\n\nvar line = map[string]int{opReadB: 1, \"another\": 2}\n",
	"fakeapi/makea.go":       "package fakeapi\n\nfunc init() { handlers[\"makeA\"] = nil }\n",
	"fakeapi/other.go":       "package fakeapi\n\nvar opReadB int\n\nvar hidden int\n",
	"batch/batch.go":         "package batch\n\nfunc f(c *wrapper.Client, g *generated.Client) {\n	c.MakeA()\n	g.MakeAWithBody()\n	_ = generated.MakeAForm{}\n	_ = mine.MakeAForm{}\n	_ = hidden\n}\n",
	"README.md":              "# Title\n\nIt has `makeA` and makeAll.\n`--model model-a`\n",
	"CHANGELOG.md":           "makeA\n",
	"generated/client.go":    "package generated\n\nvar makeA = \"makeA\"\n",
	"cmd/x/script/a.txtar":   "run --model model-a\n",
	"wrapper/does_not.go":    "package wrapper\n\nfunc {\n",
	"bin/readme.md":          "makeA\n",
	"internal/x/data.json":   "\"makeA\"\n",
	"internal/x/makea.go":    "package x\n",
	"internal/x/use_test.go": "package x\n\nvar x = \"model-a\"\n",
}

func writeSmall(t *testing.T) (dir string, s *sources) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range smallModule {
		difftest.Write(t, dir, name, text)
	}
	s, err := parseSources(dir, codegen.All[0])
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

func TestOfferOf(t *testing.T) {
	t.Parallel()
	_, s := writeSmall(t)
	tests := []struct {
		id, lacks string
		own       []string
	}{
		{"makeA", `the contract no longer has makeA, which Client.MakeA, the fake and "generate --model model-a" offer`,
			[]string{"fakeapi/makea.go", "wrapper/makea.go", "wrapper/makea_test.go"}},
		{"readB", "the contract no longer has readB, which Client.ReadB offers", []string{"wrapper/readb.go"}},
		{"another", "the contract no longer has another, which wrapper offers", nil},
	}
	for _, tt := range tests {
		o := s.offerOf(tt.id)
		if got := o.lacks(loss{id: tt.id}); !o.is() || got != tt.lacks {
			t.Errorf("%s: %q; want %q", tt.id, got, tt.lacks)
		}
		if d := cmp.Diff(tt.own, o.own); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.id, d)
		}
	}
	if o := s.offerOf("noSuch"); o.is() {
		t.Errorf("%+v; want nothing", o)
	}
	renamed := s.offerOf("readB").lacks(loss{"readB", "getB", "GET /b"})
	if want := "the contract calls readB getB now (GET /b); its old name is that of Client.ReadB"; renamed != want {
		t.Errorf("%q; want %q", renamed, want)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	dir, s := writeSmall(t)
	lost := namesIn(codegen.Files{"a.go": []byte("package generated\n\ntype MakeAForm struct{}\n\nfunc (*Client) MakeAWithBody() {}\n\ntype Kept int\n")}).
		without(namesIn(codegen.Files{"a.go": []byte("package generated\n\ntype Kept int\n")}))
	o := s.offerOf("makeA")
	got, err := tracesOf(o, lost).places(dir, codegen.All[0], o.own)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"fakeapi/other.go:5", "batch/batch.go:4", "batch/batch.go:5", "batch/batch.go:6",
		"internal/x/use_test.go:3", "README.md:3", "README.md:4", "cmd/x/script/a.txtar:1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What belongs to an operation is deleted, and its neighbours stay.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	dir, s := writeSmall(t)
	before := snapshot(t, dir)
	r, err := withdraw(dir, s, s.offerOf("readB"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"wrapper/table.go"}, r.edited); d != "" {
		t.Error(d)
	}
	if got, want := get(t, dir, "wrapper/table.go"), strings.Replace(smallModule["wrapper/table.go"], "	opReadB:   1,\n", "", 1); got != want {
		t.Errorf("the table is %s", got)
	}
	after := snapshot(t, dir)
	for name := range before {
		_, kept := after[name]
		if isOwn := strings.HasSuffix(name, "readb.go"); kept == isOwn {
			t.Errorf("%s is there: %t", name, kept)
		}
	}
}

// Another service may have operations of the same names: files are about it by their
// prefix, or because they import what is generated for it.
func TestFilesOfAnotherService(t *testing.T) {
	t.Parallel()
	dir, first := writeSmall(t)
	for name, text := range map[string]string{
		"wrapper/videos_makea.go": "package wrapper\n\nfunc (c *Videos) MakeA() {}\n\nfunc (c *Client) MakeVideoA() {}\n",
		"fakeapi/videos_makea.go": "package fakeapi\n\nfunc init() { videoHandlers[\"makeA\"] = nil }\n",
		"batch/videos.go":         "package batch\n\nimport \"example.com/m/generated/videos\"\n\nvar _ = videos.MakeAForm{}\n",
		"batch/images.go":         "package batch\n\nimport \"example.com/m/generated\"\n\nvar _ = generated.MakeAForm{}\n",
	} {
		difftest.Write(t, dir, name, text)
	}
	service := codegen.Service{Name: "videos", Package: "generated/videos"}
	s, err := parseSources(dir, service)
	if err != nil {
		t.Fatal(err)
	}
	o := s.offerOf("makeA")
	if got := o.lacks(loss{id: "makeA"}); got != "the contract no longer has makeA, which Client.MakeVideoA and the fake offer" {
		t.Error(got)
	}
	if d := cmp.Diff([]string{"fakeapi/videos_makea.go", "wrapper/videos_makea.go"}, o.own); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if s.offerOf("readB").is() {
		t.Error("an operation of the first service counts as one of another")
	}
	lost := namesIn(codegen.Files{"a.go": []byte("package videos\n\ntype MakeAForm struct{}\n")})
	got, err := tracesOf(o, lost).places(dir, service, o.own)
	if d := cmp.Diff([]string{"batch/videos.go:5", "README.md:3"}, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if d := cmp.Diff([]string{"fakeapi/makea.go", "wrapper/makea.go", "wrapper/makea_test.go"}, first.offerOf("makeA").own); d != "" {
		t.Errorf("of the first service (-want +got):\n%s", d)
	}
}

func TestLostFieldOfAnotherService(t *testing.T) {
	t.Parallel()
	trial := trial{service: codegen.Service{Package: "generated/videos"},
		old: specOf(t, ``, `"Task": {"properties": {"task_id": {"type": "string"}}}`), now: specOf(t, ``, `"Task": {"properties": {"id": {"type": "string"}}}`)}
	for text, want := range map[string]string{
		"unknown field TaskID in struct literal of type videos.Task":    "the contract calls task_id of Task id now",
		"unknown field TaskID in struct literal of type generated.Task": "",
	} {
		if got := trial.lostField(text); got != want {
			t.Errorf("%s: %q; want %q", text, got, want)
		}
	}
}
