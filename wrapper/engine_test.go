package wrapper

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

func TestEffectsOfOperations(t *testing.T) {
	t.Parallel()
	ours, err := imagesService.contract()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]send.Effect{
		"deleteImagesTask": send.Once,
		"infoByTaskId":     send.None,
		"seeDreamV4":       send.EachTime,
		"seeDreamV45":      send.EachTime,
		"seeDreamV5":       send.EachTime,
		"zImage":           send.EachTime,
	}
	for id, want := range tests {
		if got := imagesService.effectOf(ours.Operation(id)); got != want {
			t.Errorf("%s: effect %d, want %d", id, got, want)
		}
	}
	for method, want := range map[string]send.Effect{
		"GET": send.None, "HEAD": send.None, "OPTIONS": send.None, "TRACE": send.None,
		"PUT": send.Once, "DELETE": send.Once, "POST": send.EachTime, "PATCH": send.EachTime,
	} {
		if got := imagesService.effectOf(&contract.Operation{ID: "another", Method: method}); got != want {
			t.Errorf("%s: effect %d, want %d", method, got, want)
		}
	}
}

// A name in the table that no operation has would be an effect that nobody
// notices is gone.
func TestTheTableOfEffectsIsOfOperations(t *testing.T) {
	t.Parallel()
	ours, err := imagesService.contract()
	if err != nil {
		t.Fatal(err)
	}
	for id := range imagesService.effects {
		if ours.Operation(id) == nil {
			t.Errorf("%s has an effect, and is not in the contract", id)
		}
	}
}
