package wrapper

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
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
	ours, err := contract.Parse(tensorslab.Spec()) // as it is published now
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range imagesService.effects {
		if ours.Operation(e.operation) == nil {
			t.Errorf("%s has an effect, and is not in the contract", e.operation)
		}
	}
}

// What the generated client, or another user of NewContractDoer, may do wrong.
func TestDoRefuses(t *testing.T) {
	t.Parallel()
	doer, err := NewContractDoer("https://api.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	mine := errors.New("mine")
	unreadable, err := generated.NewDeleteImagesTaskRequest("https://api.test", oneTask)
	if err != nil {
		t.Fatal(err)
	}
	unreadable.GetBody = func() (io.ReadCloser, error) { return nil, mine }
	for name, req := range map[string]*http.Request{"no URL": {Method: http.MethodPost}, "unreadable": unreadable} {
		_, err := doer.Do(req) //nolint:bodyclose // there is none
		var refused *RequestError
		if !errors.As(err, &refused) || !errors.Is(err, ErrNotSent) || errors.Is(err, mine) != (req == unreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A body of a type that the contract does not have there could not be checked, whoever
// gives it that type.
func TestABodyOfAnotherTypeIsNotSent(t *testing.T) {
	t.Parallel()
	base, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, testkit.TaskCreatedBody))
	asText := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Content-Type", "text/plain")
		return nil
	}
	edited, plain := newTestClient(t, base, WithRequestEditor(asText)), newTestClient(t, base)
	for name, call := range map[string]func() error{
		"an editor, a form": func() error { _, err := generateOne(t.Context(), edited); return err },
		"an editor, ids":    func() error { _, err := edited.DeleteImagesTask(t.Context(), oneTask); return err },
		"an editor of the call": func() error {
			_, err := plain.Generated().DeleteImagesTaskWithResponse(t.Context(), oneTask, asText)
			return err
		},
		"a body of the generated client": func() error {
			_, err := plain.Generated().DeleteImagesTaskWithBodyWithResponse(t.Context(), "text/plain", strings.NewReader(`{"taskids":["a"]}`))
			return err
		},
	} {
		err := call()
		if !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) || !strings.Contains(err.Error(), `"text/plain"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A body that was decompressed, or from which a key was taken, has another length
// than the response said.
func TestDoSaysHowLongTheBodyIs(t *testing.T) {
	t.Parallel()
	const body = `{"code":1000,"msg":"key sk-test-0123456789abcdef","data":{"status":"Success"}}`
	url, _ := testkit.Serve(t, testkit.Respond(http.StatusOK, body))
	resp, err := newTestClient(t, url).Generated().ClientInterface.(*generated.Client).DeleteImagesTask(t.Context(), oneTask)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.ContentLength != int64(len(got)) || len(got) == len(body) {
		t.Errorf("%d bytes of %d, %v: %s", len(got), resp.ContentLength, err, got)
	}
}
