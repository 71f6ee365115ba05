package evolved_test

import (
	"context"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestAddedField(t *testing.T) {
	trial{
		operation: "deleteImagesTask",
		request:   "POST /v1/images/deleteimagestask",
		repeated:  true,
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			resp, err := c.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}, Reason: new("old")})
			if err != nil {
				return nil, err
			}
			return resp.JSON200.Data, nil
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"status": "Success", "count": 9007199254740993}}`,
		want:      generated.DeleteImagesTaskData{Status: "Success", Count: 9007199254740993},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"count": "one"}}`,
		violation: wrapper.Violation{Pointer: "/data/count", Keyword: "type"},
		refused: func(ctx context.Context, c *generated.ClientWithResponses) error {
			_, err := c.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{})
			return err
		},
	}.run(t)
}
