package vendored

import (
	"bytes"
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

func TestImagesIsTheContractOfThisModule(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(Images.Spec(), tensorslab.Spec()) {
		t.Error("Images is not the contract of package tensorslab")
	}
}

// Neither the caller's document nor what Spec returns is shared.
func TestReplace(t *testing.T) {
	t.Parallel()
	s := &Source{func() []byte { return []byte("old") }}
	document := []byte("new")
	s.Replace(document)
	clear(document)
	clear(s.Spec())
	if got := string(s.Spec()); got != "new" {
		t.Errorf("got %q", got)
	}
}
