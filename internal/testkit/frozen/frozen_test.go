package frozen

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

var sameFields = cmp.AllowUnexported(place{})

// The contract of this process is the frozen one, and it is one that the wrapper reads.
func TestTheFrozenContractIsUsed(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(vendored.Images.Spec(), Spec()) {
		t.Error("the vendored contract was not replaced")
	}
	doc, err := contract.Parse(Spec())
	if err != nil {
		t.Fatal(err)
	}
	for id := range places {
		if op := doc.Operation(id); op == nil || op.Path != Path(id) {
			t.Errorf("%s is %+v; want it at %s", id, op, Path(id))
		}
	}
	if len(places) != 6 {
		t.Errorf("%d operations, want 6", len(places))
	}
}

// Operations that both contracts have are where the published one has them.
func TestOperationsAreWhereTheClientGoes(t *testing.T) {
	t.Parallel()
	frozen, published := placesOf(operationsOf(Spec())), current
	for id, want := range published {
		if got, ok := frozen[id]; ok && got != want {
			t.Errorf("%s is at %v; want %v", id, got, want)
		}
	}
}

func TestMoved(t *testing.T) {
	t.Parallel()
	const document = `{"paths": {"/a": {"post": {"operationId": "a", "x-of": "post"}}, "/b": {"post": {"operationId": "b"}},
		"/c": {"get": {}, "summary": "no operation"}}}`
	from := placesOf(operationsOf([]byte(document)))
	if d := cmp.Diff(map[string]place{"a": {"/a", "post"}, "b": {"/b", "post"}}, from, sameFields); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	tests := map[string]struct{ to, want map[string]place }{
		"nothing":      {from, from},
		"a path":       {map[string]place{"a": {"/v2/a", "post"}}, map[string]place{"a": {"/v2/a", "post"}, "b": {"/b", "post"}}},
		"a method":     {map[string]place{"b": {"/b", "put"}}, map[string]place{"a": {"/a", "post"}, "b": {"/b", "put"}}},
		"to one path":  {map[string]place{"b": {"/a", "get"}}, map[string]place{"a": {"/a", "post"}, "b": {"/a", "get"}}},
		"another's":    {map[string]place{"a": {"/z", "put"}, "b": {"/a", "post"}}, map[string]place{"a": {"/z", "put"}, "b": {"/a", "post"}}},
		"unknown here": {map[string]place{"z": {"/z", "post"}}, from},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := moved([]byte(document), tt.to)
			if !json.Valid(got) {
				t.Fatalf("not JSON: %s", got)
			}
			if d := cmp.Diff(tt.want, placesOf(operationsOf(got)), sameFields); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff(map[string]bool{"taskid": true, "url": true}, Properties("GeneralData")); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if found := Properties("None"); len(found) != 0 {
		t.Errorf("a schema that is not there has %v", found)
	}
}

func TestMovedChangesNothingElse(t *testing.T) {
	t.Parallel()
	if got := Moved(Spec()); !bytes.Equal(got, Spec()) {
		t.Error("the contract is not where the client goes")
	}
	if got := moved(original, places); !bytes.Equal(got, original) {
		t.Error("a document whose operations stay is another one")
	}
	to := maps.Clone(places)
	to["zImage"] = place{"/v2/zimage", "put"}
	there := moved(original, to)
	if d := cmp.Diff(decode(t, original), decode(t, moved(there, places))); d != "" {
		t.Errorf("there and back (-want +got):\n%s", d)
	}
	if cmp.Equal(decode(t, original), decode(t, there)) {
		t.Error("nothing was moved")
	}
}

func decode(t *testing.T, document []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(document, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestPathOfNoOperation(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Path("noSuchOperation")
}
