package main

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// readers are the modules whose programs read the contract: the client, the
// generator, and what reports changes.
var readers = []string{".", "tools", "tools/diff"}

var kinVersion = regexp.MustCompile(`(?m)^\s*(?:require )?github\.com/getkin/kin-openapi (v\S+)`)

// A document that one version of kin-openapi accepts and another refuses would be
// imported and then fail to generate, or generate and then fail at the first call.
func TestOneVersionReadsTheContract(t *testing.T) {
	t.Parallel()
	difftest.InClone(t, moduleRoot)
	versions := map[string][]string{}
	for _, module := range readers {
		found := kinVersion.FindStringSubmatch(get(t, filepath.Join(moduleRoot, module), "go.mod"))
		if found == nil {
			t.Fatalf("%s/go.mod does not require kin-openapi", module)
		}
		versions[found[1]] = append(versions[found[1]], module)
	}
	if len(versions) != 1 {
		t.Errorf("kin-openapi has several versions: %q; in each of these folders run: go get github.com/getkin/kin-openapi@<version>", versions)
	}
}
