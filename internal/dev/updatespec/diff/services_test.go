package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/changes"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// The contract of each service is compared, and a second one may be new.
func TestDiffOfTwoServices(t *testing.T) {
	t.Parallel()
	dir := clone(t)
	two := append(slices.Clone(codegen.All), codegen.Service{Name: "videos", Document: "api/videos.json"})
	report := func() changes.Report {
		t.Helper()
		base, err := openRepository(t.Context(), dir, "HEAD")
		if err != nil {
			t.Fatal(err)
		}
		found, err := spec(t.Context(), base, two, changes.Text)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	difftest.Write(t, dir, "api/videos.json", contractV1)
	if got := report(); got.Breaking || got.Text != "api/videos.json is a new contract.\n" {
		t.Errorf("a new contract: %+v", got)
	}
	git(t, dir, "add", ".")
	git(t, dir, "commit", "--quiet", "--message=videos")
	if got := report(); got != (changes.Report{}) {
		t.Errorf("nothing changed: %+v", got)
	}
	difftest.Write(t, dir, "api/videos.json", strings.Replace(contractV1, `"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "OK"}}}},`, "", 1))
	if got := report(); !got.Breaking || !strings.Contains(got.Text, "GET /a") {
		t.Errorf("an operation of the second service removed: %+v", got)
	}
	if _, err := spec(t.Context(), &repository{root: dir, commit: "HEAD"}, append(two, codegen.Service{Document: "none.json"}), changes.Text); err == nil {
		t.Error("a contract that is not there is no error")
	}
}
