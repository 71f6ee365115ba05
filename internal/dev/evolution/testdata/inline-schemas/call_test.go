package evolved_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// count sends groups as JSON.
func count(ctx context.Context, c *generated.ClientWithResponses, groups string) (any, error) {
	var body generated.CountImagesTasksJSONRequestBody
	if err := json.Unmarshal([]byte(groups), &body.Groups); err != nil {
		return nil, err
	}
	resp, err := c.CountImagesTasksWithResponse(ctx, body)
	if err != nil {
		return nil, err
	}
	return resp.JSON200.Data.ByName, nil
}

func TestInlineSchemas(t *testing.T) {
	trial{
		operation: "countImagesTasks",
		request:   "POST /v1/images/counttasks",
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			return count(ctx, c, `[{"name": "a", "limit": 5}, {"name": "b"}]`)
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"total": 3, "byName": {"a": 1, "b": 2}}}`,
		want:      map[string]int{"a": 1, "b": 2},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"total": 3, "byName": {"a": 1.5}}}`,
		violation: wrapper.Violation{Pointer: "/data/byName/a", Keyword: "type"},
		refused: func(ctx context.Context, c *generated.ClientWithResponses) error {
			_, err := count(ctx, c, `[{"name": "a", "limit": -1}]`)
			return err
		},
	}.run(t)
}
