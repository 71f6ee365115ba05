package fakeapi

import (
	"maps"
	"slices"
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// A handler of an operation that the contract lost would never be called: its
// file is to be deleted.
func TestHandlersAreOfTheContract(t *testing.T) {
	t.Parallel()
	published, err := contract.Parse(tensorslab.Spec())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(handlers)) {
		if published.Operation(id) == nil {
			t.Errorf("the contract has no operation %s: delete the file that adds its handler", id)
		}
	}
	if len(handlers) == 0 {
		t.Error("there are no handlers")
	}
}
