package evolution

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// contracts lists the folders of testdata/. Each holds patch.json, a JSON Merge
// Patch (RFC 7396) that makes another contract of openapi.json, whatever that has
// become, and call_test.go, which calls what is new. Where something has to be
// there before it can go, before.json is a patch that is taken in first.
func contracts(t *testing.T) []string {
	t.Helper()
	patches, err := filepath.Glob(filepath.Join("testdata", "*", "patch.json"))
	if err != nil || len(patches) == 0 {
		t.Fatalf("no contracts in testdata/: %v", err)
	}
	var names []string
	for _, patch := range patches {
		names = append(names, filepath.Base(filepath.Dir(patch)))
	}
	return names
}

// stages returns the contracts of a folder in the order in which they are
// published.
func stages(t *testing.T, name string) [][]byte {
	t.Helper()
	var found [][]byte
	contract := decode(t, readFile(t, filepath.Join(moduleRoot, codegen.Contract)))
	for _, file := range []string{"before.json", "patch.json"} {
		patch, err := os.ReadFile(filepath.Join("testdata", name, file))
		if errors.Is(err, fs.ErrNotExist) && file == "before.json" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		changes, ok := decode(t, patch).(object)
		if !ok || len(changes) == 0 {
			t.Fatalf("%s of %s changes nothing", file, name)
		}
		contract = merge(contract, changes)
		found = append(found, encode(t, contract))
	}
	return found
}

// Each patch leads to a valid contract.
func TestContractsAreValid(t *testing.T) {
	t.Parallel()
	for _, name := range contracts(t) {
		var last []byte
		for _, contract := range stages(t, name) {
			if err := codegen.Validate(contract); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			last = contract
		}
		if *documents != "" {
			writeFile(t, filepath.Join(*documents, name+".json"), last)
		}
	}
}
