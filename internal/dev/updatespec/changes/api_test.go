package changes

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// sources are the files of a small module, by their names.
type sources map[string]string

// operations is generated code, but for the interface that lists the operations.
const operations = "package generated\n\ntype Task struct{ ID string }\n\ntype Client struct{}\n\nfunc (*Client) Kept() {}\n\n"

func module() sources {
	return sources{
		"go.mod":                  "module example.com/m\n\ngo 1.26.0\n",
		"generated/client.gen.go": operations + "type ClientInterface interface {\n	Kept()\n}\n",
		"wrapper/client.go":       "package wrapper\n\nimport \"example.com/m/generated\"\n\ntype Client struct{}\n\nfunc (*Client) Get(p *int) generated.Task { return generated.Task{} }\n",
		"internal/x/x.go":         "package x\n\nfunc X() {}\n",
	}
}

func (s sources) with(name, text string) sources {
	s = maps.Clone(s)
	s[name] = text
	return s
}

func (s sources) without(name string) sources {
	s = maps.Clone(s)
	delete(s, name)
	return s
}

func (s sources) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range s {
		difftest.Write(t, dir, name, text)
	}
	return dir
}

var old = module()

var apiChanges = []struct {
	name     string
	now      sources
	text     string
	markdown string // where it is of interest
	breaking bool
}{
	{"what no user can see", old.without("internal/x/x.go").with("wrapper/more.go", "package wrapper\n\n// a comment\nfunc hidden() {}\n").
		with("wrapper/more_test.go", "package wrapper\n\nfunc Exported() {}\n"), "", "", false},
	{"a function added", old.with("wrapper/more.go", "package wrapper\n\nfunc New() {}\n"),
		"package wrapper\nCompatible changes:\n- New: added\n",
		"", false},
	{"a field of another type", old.with("generated/client.gen.go", strings.Replace(old["generated/client.gen.go"], "ID string", "ID int", 1)),
		"package generated\nIncompatible changes:\n- Task.ID: changed from string to int\n",
		"", true},
	{"both", old.with("wrapper/client.go", "package wrapper\n\ntype Client struct{}\n\nfunc New() {}\n"),
		"package wrapper\nIncompatible changes:\n- (*Client).Get: removed\nCompatible changes:\n- New: added\n",
		"### Package wrapper\n\nIncompatible changes:\n\n- `(*Client).Get: removed`\n\nCompatible changes:\n\n- `New: added`\n", true},
	{"an operation added", old.with("generated/client.gen.go", operations+"func (*Client) Added() {}\n\ntype ClientInterface interface {\n	Added()\n	Kept()\n}\n"),
		"package generated\nCompatible changes:\n- (*Client).Added: added\n",
		"", false},
	{"an operation removed", old.with("generated/client.gen.go", strings.Replace(operations, "func (*Client) Kept() {}", "", 1)+"type ClientInterface interface{}\n"),
		"package generated\nIncompatible changes:\n- (*Client).Kept: removed\n",
		"", true},
	{"the interface removed", old.with("generated/client.gen.go", operations),
		"package generated\nIncompatible changes:\n- ClientInterface: removed\n",
		"", true},
	{"a package removed", old.without("wrapper/client.go"),
		"package wrapper\nIncompatible changes:\n- the package: removed\n",
		"", true},
	{"a package added", old.with("fakeapi/server.go", "package fakeapi\n"),
		"package fakeapi\nCompatible changes:\n- the package: added\n",
		"", false},
	{"two packages", old.with("fakeapi/server.go", "package fakeapi\n").with("wrapper/more.go", "package wrapper\n\nfunc New() {}\n"),
		"package wrapper\nCompatible changes:\n- New: added\n\npackage fakeapi\nCompatible changes:\n- the package: added\n",
		"### Package wrapper\n\nCompatible changes:\n\n- `New: added`\n\n### Package fakeapi\n\nCompatible changes:\n\n- `the package: added`\n", false},
}

func TestAPI(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	base := old.write(t)
	for _, tt := range apiChanges {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tt.now.write(t)
			difftest.Pin(t, moduleRoot, root)
			formats := map[Format]string{Text: tt.text}
			if tt.markdown != "" {
				formats[Markdown] = tt.markdown
			}
			for format, want := range formats {
				report, err := API(t.Context(), root, base, format)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(Report{Text: want, Breaking: tt.breaking}, report); d != "" {
					t.Errorf("%s (-want +got):\n%s", format, d)
				}
			}
		})
	}
}

// A vendor folder that the user asks for, and that is not there, is not looked for.
func TestAPIIgnoresTheUsersSettings(t *testing.T) {
	difftest.Need(t, moduleRoot)
	t.Setenv("GOFLAGS", "-mod=vendor")
	root := module().write(t)
	difftest.Pin(t, moduleRoot, root)
	report, err := API(t.Context(), root, module().write(t), Text)
	if err != nil || report != (Report{}) {
		t.Errorf("%+v, %v; want nothing", report, err)
	}
}

func TestAPIFails(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	broken := module().with("wrapper/client.go", "package wrapper\n\nfunc {\n")
	tests := []struct {
		name     string
		old, now sources
		want     string
	}{
		{"an older package that does not compile", broken, module(), "could not compare package wrapper: as it was: "},
		{"a newer package that does not compile", module(), broken, "could not compare package wrapper: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tt.now.with("batch/batch.go", "package batch\n").write(t)
			difftest.Pin(t, moduleRoot, root)
			report, err := API(t.Context(), root, tt.old.write(t), Text)
			if err != nil || !strings.HasPrefix(report.Incomplete, tt.want) || strings.Contains(report.Incomplete, "\n") {
				t.Errorf("%+v, %v; want one line with %q", report, err, tt.want)
			}
			if want := "package batch\nCompatible changes:\n- the package: added\n"; report.Text != want || report.Breaking {
				t.Errorf("%+v; want the other packages: %s", report, want)
			}
		})
	}
	if report, err := API(t.Context(), t.TempDir(), t.TempDir(), Text); err == nil || !strings.Contains(err.Error(), "tools/diff/go.mod") || report != (Report{}) {
		t.Errorf("a module without the pin: %+v, %v", report, err)
	}
}

func TestPromised(t *testing.T) {
	t.Parallel()
	const in, co, method = "Incompatible changes:\n", "Compatible changes:\n", "- ClientInterface.A: added\n"
	for found, want := range map[string]string{
		"": "", in + method: "", in + method + co + method: "", in + method + co + "- B: added": co + "- B: added\n",
		in + "- B: removed\n" + co + method:                                       in + "- B: removed\n",
		in + "- ClientWithResponsesInterface.A: removed\n":                        "",
		in + "- ClientInterface.A, method set of *ClientWithResponses: removed\n": "",
		in + "- ClientInterface: removed\n":                                       in + "- ClientInterface: removed\n",
		in + "- Other.ClientInterface: removed\n" + method:                        in + "- Other.ClientInterface: removed\n",
		in + "- ClientInterfaces.A: changed from int to string\n":                 in + "- ClientInterfaces.A: changed from int to string\n",
	} {
		if got := promised(found); got != want {
			t.Errorf("promised(%q) = %q; want %q", found, got, want)
		}
	}
}
