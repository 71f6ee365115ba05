package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// removal is what was deleted from a copy of the module with an operation.
type removal struct {
	files   []string // deleted
	edited  []string // with an entry less
	offered offer
}

// checkWithdrawn refuses to withdraw an operation that the contract has, or that the
// module at root does not offer.
func checkWithdrawn(root string, service codegen.Service, contract []byte, withdrawn []string) error {
	if len(withdrawn) == 0 {
		return nil
	}
	doc, err := readDocument(contract)
	if err != nil {
		return err
	}
	written, err := parseSources(root, service)
	if err != nil {
		return err
	}
	has := doc.operations()
	for _, id := range withdrawn {
		if _, ok := has[id]; ok {
			return fmt.Errorf("WITHDRAW: the contract has the operation %s", id)
		}
		if !written.offerOf(id).is() {
			return fmt.Errorf("WITHDRAW: the module offers no operation %s", id)
		}
	}
	return nil
}

// withdraw deletes what belongs to an operation from the module at root: the files
// that are only about it, and its entries in tables. What else uses it stays, for
// people to edit.
func withdraw(root string, s *sources, o offer) (removal, error) {
	r := removal{files: o.own, offered: o}
	for name, file := range s.files {
		if !slices.Contains(rooms, path.Dir(name)) || isTest(name) || slices.Contains(o.own, name) {
			continue
		}
		lines := s.entries(file, o)
		if len(lines) == 0 {
			continue
		}
		if err := deleteLines(filepath.Join(root, filepath.FromSlash(name)), lines); err != nil {
			return r, err
		}
		r.edited = append(r.edited, name)
	}
	slices.Sort(r.edited)
	for _, name := range o.own {
		if err := os.Remove(filepath.Join(root, filepath.FromSlash(name))); err != nil {
			return r, err
		}
	}
	return r, nil
}

// entries returns the lines of the entries of composite literals whose key is the
// operation. An entry that shares a line with something else is left to people.
func (s *sources) entries(file *ast.File, o offer) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		literal, ok := node.(*ast.CompositeLit)
		if !ok {
			return true
		}
		line := func(pos token.Pos) int { return s.positions.Position(pos).Line }
		for i, element := range literal.Elts {
			before, after := line(literal.Lbrace), line(literal.Rbrace)
			if i > 0 {
				before = line(literal.Elts[i-1].End())
			}
			if i+1 < len(literal.Elts) {
				after = line(literal.Elts[i+1].Pos())
			}
			first, last := line(element.Pos()), line(element.End())
			for n := first; isEntryOf(element, o) && before < first && last < after && n <= last; n++ {
				lines[n] = true
			}
		}
		return true
	})
	return lines
}

func isEntryOf(element ast.Expr, o offer) bool {
	entry, ok := element.(*ast.KeyValueExpr)
	if !ok {
		return false
	}
	key, isText := text(entry.Key)
	ident, isName := entry.Key.(*ast.Ident)
	return isText && key == o.operation || isName && o.names[ident.Name]
}

func deleteLines(file string, lines map[int]bool) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var kept strings.Builder
	n := 0
	for line := range strings.Lines(string(data)) {
		if n++; !lines[n] {
			kept.WriteString(line)
		}
	}
	source, err := format.Source([]byte(kept.String()))
	if err != nil {
		return err
	}
	return os.WriteFile(file, source, 0o644)
}
