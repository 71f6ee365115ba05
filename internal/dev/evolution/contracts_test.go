package evolution

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// changes lists the folders of testdata/. Each holds patch.json, a JSON Merge
// Patch (RFC 7396) of the frozen contract, and call_test.go,
// which calls what is new. A folder whose patch removes something also holds
// before.json, a patch that adds it and that is adopted first. The patches do not
// overlap, so that one contract can have all of them.
func changes(t *testing.T) []string {
	t.Helper()
	patches, err := filepath.Glob(filepath.Join("testdata", "*", "patch.json"))
	if err != nil || len(patches) == 0 {
		t.Fatalf("no patches in testdata/: %v", err)
	}
	var names []string
	for _, patch := range patches {
		names = append(names, filepath.Base(filepath.Dir(patch)))
	}
	return names
}

// base is the contract that the patches are of. It is frozen, because a patch of what
// the published one no longer has would make a good contract look bad.
func base(t *testing.T) any {
	t.Helper()
	return difftest.Decode(t, readFile(t, filepath.Join(moduleRoot, "internal", "testkit", "frozen", "contract.json")))
}

// stages returns the two contracts that follow on the frozen one: with each
// before.json of the named changes, and then with each patch.json.
func stages(t *testing.T, names ...string) [][]byte {
	t.Helper()
	contract := base(t)
	var found [][]byte
	for _, file := range []string{"before.json", "patch.json"} {
		for _, name := range names {
			contract = patched(t, contract, filepath.Join("testdata", name, file))
		}
		found = append(found, difftest.Encode(t, contract))
	}
	return found
}

// patched returns contract with the patch in a file, if there is one.
func patched(t *testing.T, contract any, file string) any {
	t.Helper()
	patch, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && filepath.Base(file) == "before.json" {
		return contract
	}
	if err != nil {
		t.Fatal(err)
	}
	changes, ok := difftest.Decode(t, patch).(difftest.Object)
	if !ok || len(changes) == 0 {
		t.Fatalf("%s changes nothing", file)
	}
	return difftest.Merge(contract, changes)
}

// Each patch alone leads to a valid contract, too.
func TestContractsAreValid(t *testing.T) {
	t.Parallel()
	for _, name := range changes(t) {
		for _, contract := range stages(t, name) {
			if err := codegen.Validate(contract); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if *documents != "" {
				writeFile(t, filepath.Join(*documents, name+".json"), contract)
			}
		}
	}
}
