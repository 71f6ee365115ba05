package wrapper

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// Each example that the contract, as it is published now, shows of a response passes
// as it is if it says success, and is an APIError with the example's own words if it
// does not.
func TestExamplesOfTheContract(t *testing.T) {
	t.Parallel()
	spec, err := contract.Parse(tensorslab.Spec())
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, op := range spec.Operations() {
		for status, response := range op.Spec.Responses.Map() {
			for name, example := range examplesOf(response.Value) {
				shown++
				t.Run(op.ID+" "+status+" "+name, func(t *testing.T) {
					t.Parallel()
					showExample(t, spec, op, status, example)
				})
			}
		}
	}
	if shown == 0 {
		t.Error("the contract shows no response")
	}
}

func examplesOf(response *openapi3.Response) map[string]any {
	found := map[string]any{}
	for mediaType, media := range response.Content {
		if media.Example != nil {
			found[mediaType] = media.Example
		}
		for name, example := range media.Examples {
			found[mediaType+" "+name] = example.Value.Value
		}
	}
	return found
}

func showExample(t *testing.T, spec *contract.Document, op *contract.Operation, status string, example any) {
	t.Helper()
	code, err := strconv.Atoi(strings.ReplaceAll(status, "X", "0"))
	if err != nil {
		t.Skip("no status to respond with")
	}
	data, err := json.Marshal(example)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(testkit.Respond(code, string(data)))
	t.Cleanup(server.Close)
	doer, err := NewContractDoer(server.URL, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	doer.(*engine).contract = spec // that of other tests is frozen
	// A body that can't be read twice is sent as it is.
	req, err := http.NewRequestWithContext(t.Context(), op.Method, server.URL+strings.NewReplacer("{", "", "}", "").Replace(op.Path), io.MultiReader())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := doer.Do(req)
	want, _, _ := contract.ReadJSON(data).Envelope()
	if send.IsSuccess(code) && want == CodeSuccess {
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if got, err := io.ReadAll(resp.Body); err != nil || string(got) != string(data) {
			t.Errorf("%s, %v; want %s", got, err, data)
		}
		return
	}
	var refusal *APIError
	if !errors.As(err, &refusal) || refusal.HTTPStatus != code || refusal.Code != want || refusal.Operation != op.ID {
		t.Errorf("%v; want an APIError with status %d and code %d", err, code, want)
	}
}
