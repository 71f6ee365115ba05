package evolved_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A service that still sends the field is understood.
func TestRemovedField(t *testing.T) {
	trial{
		operation: "lookUpImagesTask",
		request:   "POST /v1/images/lookuptask",
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			resp, err := c.LookUpImagesTaskWithResponse(ctx, generated.LookUpRequest{ID: "a"})
			if err != nil {
				return nil, err
			}
			return resp.JSON200.Data, nil
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"id": "a", "age": 1}}`,
		want:      generated.LookUpData{ID: "a"},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"id": 1}}`,
		violation: wrapper.Violation{Pointer: "/data/id", Keyword: "type"},
	}.run(t)
}

func TestRemovedFieldIsGone(t *testing.T) {
	for _, schema := range []any{generated.LookUpRequest{}, generated.LookUpData{}} {
		if n := reflect.TypeOf(schema).NumField(); n != 1 {
			t.Errorf("%T has %d fields; want one", schema, n)
		}
	}
}
