package downstream

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// userModFile is the go.mod of a program that is on older versions of what our command
// is built with. The packages of these versions are stubs below the program, so that the
// test downloads nothing; a replace directive without a version does not take part in
// the selection of the version.
const userModFile = `module example.com/onolder

go 1.26.0

require (
	github.com/spf13/cobra v1.8.0
	` + modulePath + ` v0.0.0
	golang.org/x/term v0.20.0
)

replace (
	github.com/spf13/cobra => ./cobra
	` + modulePath + ` => ROOT
	golang.org/x/term => ./term
)
`

const userProgram = `package main

import (
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"` + modulePath + `/wrapper"
)

func main() { println(cobra.Stub, term.Stub, wrapper.EnvAPIKey) }
`

// A program that imports only wrapper keeps its own versions of the modules that the
// command requires.
func TestUserKeepsItsVersions(t *testing.T) {
	t.Parallel()
	nested.Need(t)
	root, err := filepath.Abs(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, fstest.MapFS{
		"go.mod":        {Data: []byte(strings.ReplaceAll(userModFile, "ROOT", strconv.Quote(filepath.ToSlash(root))))},
		"go.sum":        {Data: sums},
		"main.go":       {Data: []byte(userProgram)},
		"cobra/go.mod":  {Data: []byte("module github.com/spf13/cobra\n")},
		"cobra/stub.go": {Data: []byte("package cobra\n\nconst Stub = 1\n")},
		"term/go.mod":   {Data: []byte("module golang.org/x/term\n")},
		"term/stub.go":  {Data: []byte("package term\n\nconst Stub = 1\n")},
	}); err != nil {
		t.Fatal(err)
	}
	goCommand(t, dir, "-mod=mod", "mod", "tidy")
	goCommand(t, dir, "-mod=readonly", "vet", "./...")
	selected, err := codegen.Run(t.Context(), dir, []string{"GOFLAGS=-mod=readonly"},
		"go", "list", "-m", "-f", "{{.Path}} {{.Version}}", "all")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"github.com/spf13/cobra v1.8.0", "golang.org/x/term v0.20.0"} {
		if !strings.Contains("\n"+selected, "\n"+want+"\n") {
			t.Errorf("the program is not on %s; its modules are:\n%s", want, selected)
		}
	}
}
