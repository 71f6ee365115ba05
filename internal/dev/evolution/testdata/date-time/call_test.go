package evolved_test

import (
	"context"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// published is a time as the service prints it, which is not RFC 3339.
const published = "2026-01-30 12:00:00"

func TestDateTime(t *testing.T) {
	trial{
		operation: "timeImagesTask",
		request:   "POST /v1/images/timetask",
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			resp, err := c.TimeImagesTaskWithResponse(ctx, generated.TimeImagesTaskJSONRequestBody{ID: "a"})
			if err != nil {
				return nil, err
			}
			return resp.JSON200.Data.Moment, nil
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"moment": "` + published + `"}}`,
		want:      published,
		invalid:   `{"code": 1000, "msg": "OK", "data": {"moment": 1769774400}}`,
		violation: wrapper.Violation{Pointer: "/data/moment", Keyword: "type"},
	}.run(t)
}
