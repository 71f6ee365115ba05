package evolved_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func note(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
	resp, err := c.NoteImagesTaskWithResponse(ctx, generated.TaskNote{ID: "a", Note: new("keep"), Rating: new(5)})
	if err != nil {
		return nil, err
	}
	return resp.JSON200.Data, nil
}

func TestNullable(t *testing.T) {
	trial{
		operation: "noteImagesTask",
		request:   "POST /v1/images/notetask",
		call:      note,
		response:  `{"code": 1000, "msg": "OK", "data": {"id": "a", "note": null, "rating": null}}`,
		want:      generated.TaskNote{ID: "a"},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"id": null, "note": null}}`,
		violation: wrapper.Violation{Pointer: "/data/id", Keyword: "nullable"},
	}.run(t)
}

func TestNullableThatIsNotNull(t *testing.T) {
	srv, c := service(t, key)
	srv.FailNext(1, fakeapi.Respond(http.StatusOK, jsonType, `{"code": 1000, "msg": "OK", "data": {"id": "a", "note": "n", "rating": 1}}`))
	got, err := note(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(any(generated.TaskNote{ID: "a", Note: new("n"), Rating: new(1)}), got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// Nil is null where the property is required, and not sent where it is optional: null is
// sent there in a body of one's own, which is checked like any other.
func TestNullInARequest(t *testing.T) {
	for name, tt := range map[string]struct {
		call func(c *generated.ClientWithResponses) error
		want string
	}{
		"nil": {func(c *generated.ClientWithResponses) error {
			_, err := c.NoteImagesTaskWithResponse(t.Context(), generated.TaskNote{ID: "a"})
			return err
		}, `{"id":"a","note":null}`},
		"null": {func(c *generated.ClientWithResponses) error {
			_, err := c.NoteImagesTaskWithBodyWithResponse(t.Context(), jsonType, strings.NewReader(`{"id":"a","note":null,"rating":null}`))
			return err
		}, `{"id":"a","note":null,"rating":null}`},
		"null that is not allowed": {func(c *generated.ClientWithResponses) error {
			_, err := c.NoteImagesTaskWithBodyWithResponse(t.Context(), jsonType, strings.NewReader(`{"id":null,"note":null}`))
			if !errors.Is(err, wrapper.ErrInvalidRequest) {
				t.Errorf("%v; want %v", err, wrapper.ErrInvalidRequest)
			}
			return nil
		}, ""},
	} {
		srv, c := service(t, key)
		if err := tt.call(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := ""
		for _, r := range srv.Requests() {
			got += string(r.Body)
		}
		if got != tt.want {
			t.Errorf("%s: sent %s; want %s", name, got, tt.want)
		}
	}
}
