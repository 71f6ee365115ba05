package conformance

import (
	"bytes"
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// sentinels is the complete list: an error must match those wanted and no other.
var sentinels = map[string]error{
	"ErrInvalidKey": wrapper.ErrInvalidKey, "ErrInvalidOption": wrapper.ErrInvalidOption,
	"ErrInvalidRequest": wrapper.ErrInvalidRequest, "ErrInsufficientCredits": wrapper.ErrInsufficientCredits,
	"ErrFailure": wrapper.ErrFailure, "ErrDeleteFailed": wrapper.ErrDeleteFailed, "ErrUnauthorized": wrapper.ErrUnauthorized,
	"ErrRateLimited": wrapper.ErrRateLimited, "ErrServer": wrapper.ErrServer, "ErrRedirected": wrapper.ErrRedirected,
	"ErrContract": wrapper.ErrContract, "ErrResponseTooLarge": wrapper.ErrResponseTooLarge,
	"ErrNotFound": wrapper.ErrNotFound, "ErrTaskFailed": wrapper.ErrTaskFailed, "ErrWaitTimeout": wrapper.ErrWaitTimeout,
	"ErrPrivateHost": wrapper.ErrPrivateHost,
	"ErrNotSent":     wrapper.ErrNotSent, "ErrOutcomeUnknown": wrapper.ErrOutcomeUnknown,
	"context.Canceled": context.Canceled, "context.DeadlineExceeded": context.DeadlineExceeded,
}

// matching returns the names of wrapper's sentinels that err matches, without
// Err, sorted and separated by spaces.
func matching(err error) string {
	var names []string
	for name, sentinel := range sentinels {
		if short, ours := strings.CutPrefix(name, "Err"); ours && errors.Is(err, sentinel) {
			names = append(names, short)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// checkSentinels checks that err matches the wanted sentinels and no other.
// ErrNotFound goes without saying at 404, unless the body is an HTML page.
func checkSentinels(t *testing.T, err error, want []error) {
	t.Helper()
	if e := (*wrapper.APIError)(nil); errors.As(err, &e) && e.HTTPStatus == http.StatusNotFound && !bytes.Contains(e.Body, []byte("<html>")) {
		want = append(slices.Clone(want), wrapper.ErrNotFound)
	}
	for name, sentinel := range sentinels {
		if got, want := errors.Is(err, sentinel), slices.Contains(want, sentinel); got != want {
			t.Errorf("errors.Is(err, %s) = %t, want %t (%v)", name, got, want, err)
		}
	}
}

func TestEverySentinelIsListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../wrapper/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("wrapper is not found", err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range variables(file) {
			if !strings.HasPrefix(declared, "Err") {
				continue
			}
			if found++; sentinels[declared] == nil {
				t.Errorf("%s is not in sentinels", declared)
			}
		}
	}
	if found < 18 {
		t.Errorf("only %d sentinels found in wrapper", found)
	}
}

// variables returns the names of a file's package-level variables.
func variables(file *ast.File) (names []string) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
