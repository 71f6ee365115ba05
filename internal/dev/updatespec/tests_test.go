package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// Each argument of go test finds tests: a word that no name has would let any
// contract pass.
func TestContractTestsExist(t *testing.T) {
	t.Parallel()
	for _, args := range contractTests {
		words := regexp.MustCompile(".")
		for _, arg := range args {
			if found, ok := strings.CutPrefix(arg, "-run="); ok {
				words = regexp.MustCompile(found)
				continue
			}
			folder := strings.TrimSuffix(arg, "/...")
			if n := countTests(t, filepath.Join(moduleRoot, folder), words); n == 0 && folder != "./"+codegen.OutputDir {
				t.Errorf("%s: no test matches %s", arg, words)
			}
		}
	}
}

var testName = regexp.MustCompile(`(?m)^func ((?:Test|Example)\w*)\(`)

// countTests counts the tests in a folder whose names match words.
func countTests(t *testing.T, folder string, words *regexp.Regexp) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, found := range testName.FindAllStringSubmatch(get(t, folder, filepath.Base(file)), -1) {
			if words.MatchString(found[1]) {
				n++
			}
		}
	}
	return n
}
