package evolved_test

import (
	"context"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The contract has a schema by the name that the generator would give to the
// response of deleteImagesTask. The schema keeps the name.
func TestResponseName(t *testing.T) {
	trial{
		operation: "restoreImagesTask",
		request:   "POST /v1/images/restoretask",
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			resp, err := c.RestoreImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}})
			if err != nil {
				return nil, err
			}
			var schema *generated.DeleteImagesTaskHTTPResponse = resp.JSON200
			return schema.Data.Restored, nil
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"restored": 1}}`,
		want:      1,
		invalid:   `{"code": 1000, "msg": "OK", "data": {"restored": "all"}}`,
		violation: wrapper.Violation{Pointer: "/data/restored", Keyword: "type"},
		refused: func(ctx context.Context, c *generated.ClientWithResponses) error {
			_, err := c.RestoreImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{})
			return err
		},
	}.run(t)
}

// What had the name before is still called by its operation.
func TestResponseNameOfTheOther(t *testing.T) {
	trial{
		operation: "deleteImagesTask",
		request:   "POST /v1/images/deleteimagestask",
		repeated:  true,
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			resp, err := c.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}})
			if err != nil {
				return nil, err
			}
			return resp.JSON200.Data, nil
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"status": "Success"}}`,
		want:      generated.DeleteImagesTaskData{Status: "Success"},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"status": 1}}`,
		violation: wrapper.Violation{Pointer: "/data/status", Keyword: "type"},
	}.run(t)
}
