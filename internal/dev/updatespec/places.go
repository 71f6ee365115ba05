package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// traces are what an operation, or a generated name, leaves in hand-written files.
type traces struct {
	own   map[string]bool // names that our files declare
	lost  goNames         // of package generated
	texts []string        // operationIds and models
}

// tracesOf are those of an operation: what its own files declare, and what the
// generated code no longer declares.
func tracesOf(o offer, lost goNames) traces {
	return traces{o.names, lost, append(slices.Clone(o.models), o.operation)}
}

// places lists the lines below root that have a trace, as file:line, in Go files and
// in those that people read. The files in gone are left out.
func (t traces) places(root string, service codegen.Service, gone []string) ([]string, error) {
	s, err := parseSources(root, service)
	if err != nil {
		return nil, err
	}
	found := s.places(t, gone)
	if len(t.texts) == 0 {
		return found, nil
	}
	more, err := t.mentions(root)
	found = append(found, more...)
	slices.SortStableFunc(found, byWeight)
	return found, err
}

// places lists the lines of Go files that have a trace.
func (s *sources) places(t traces, gone []string) (found []string) {
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		if slices.Contains(gone, name) {
			continue
		}
		lines := map[int]bool{}
		ast.Inspect(s.files[name], func(node ast.Node) bool {
			if node != nil && t.isIn(name, path.Base(s.service.Package), node) {
				lines[s.positions.Position(node.Pos()).Line] = true
			}
			return true
		})
		for _, line := range slices.Sorted(maps.Keys(lines)) {
			found = append(found, fmt.Sprintf("%s:%d", name, line))
		}
	}
	return found
}

// isIn reports whether a node is a trace; generated is the name of the package of
// generated code. An unexported name means something only in
// the packages that declare it.
func (t traces) isIn(file, generated string, node ast.Node) bool {
	switch node := node.(type) {
	case *ast.Ident:
		return t.own[node.Name] && (node.IsExported() || slices.Contains(rooms, path.Dir(file)))
	case *ast.SelectorExpr:
		pkg, _ := node.X.(*ast.Ident)
		isGenerated := pkg != nil && pkg.Name == generated
		return isGenerated && t.lost.declared[node.Sel.Name] || !isGenerated && t.lost.methods[node.Sel.Name]
	}
	value, ok := text(node)
	return ok && slices.Contains(t.texts, value)
}

// byWeight puts what users call before tests, and those before what people read.
func byWeight(a, b string) int {
	if d := weight(a) - weight(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func weight(place string) int {
	name, _, _ := strings.Cut(place, ":")
	switch {
	case !strings.HasSuffix(name, ".go"):
		return 3
	case isTest(name):
		return 2
	case slices.Contains(rooms, path.Dir(name)):
		return 0
	}
	return 1
}

// readByPeople are the endings of files other than Go that may name an operation.
var readByPeople = []string{".md", ".txtar", ".yaml"}

// mentions lists the lines of files for people that have a word of the texts. What
// was released stays as it was.
func (t traces) mentions(root string) (found []string, err error) {
	var quoted []string
	for _, word := range t.texts {
		quoted = append(quoted, regexp.QuoteMeta(word))
	}
	words := regexp.MustCompile(`\b(?:` + strings.Join(quoted, "|") + `)\b`)
	err = walkSources(root, func(name, path string) error {
		if name == "CHANGELOG.md" || !slices.ContainsFunc(readByPeople, func(ext string) bool { return strings.HasSuffix(name, ext) }) {
			return nil
		}
		data, err := os.ReadFile(path)
		for i, line := range bytes.Split(data, []byte("\n")) {
			if words.Match(line) {
				found = append(found, fmt.Sprintf("%s:%d", name, i+1))
			}
		}
		return err
	})
	return found, err
}
