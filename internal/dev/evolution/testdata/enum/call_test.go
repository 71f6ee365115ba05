package evolved_test

import (
	"context"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func list(ctx context.Context, c *generated.ClientWithResponses, state generated.TaskState) (any, error) {
	resp, err := c.ListImagesTasksWithResponse(ctx, generated.ListImagesTasksJSONRequestBody{State: state})
	if err != nil {
		return nil, err
	}
	return resp.JSON200.Data.States, nil
}

func TestEnum(t *testing.T) {
	trial{
		operation: "listImagesTasks",
		request:   "POST /v1/images/listtasks",
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			return list(ctx, c, "queued")
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"states": ["queued", "failed"], "priority": 3}}`,
		want:      []generated.TaskState{"queued", "failed"},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"states": ["queued", "lost"]}}`,
		violation: wrapper.Violation{Pointer: "/data/states/1", Keyword: "enum"},
		refused: func(ctx context.Context, c *generated.ClientWithResponses) error {
			_, err := list(ctx, c, "lost")
			return err
		},
	}.run(t)
}
