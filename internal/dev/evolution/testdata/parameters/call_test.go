package evolved_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func read(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
	resp, err := c.ReadImageTaskWithResponse(ctx, "a/b c?é", &generated.ReadImageTaskParams{Detail: true, Page: new(2)})
	if err != nil {
		return nil, err
	}
	return resp.JSON200.Data.Links, nil
}

var reading = trial{
	operation: "readImageTask",
	request:   "GET /v1/images/tasks/a%2Fb%20c%3F%C3%A9?detail=true&page=2",
	repeated:  true,
	call:      read,
	response:  `{"code": 1000, "msg": "OK", "data": {"id": "a", "links": ["https://example.com/1.png"]}}`,
	want:      []string{"https://example.com/1.png"},
	invalid:   `{"code": 1000, "msg": "OK", "data": {"links": []}}`,
	violation: wrapper.Violation{Pointer: "/data/id", Keyword: "required"},
}

func TestParameters(t *testing.T) { reading.run(t) }

// A status that the contract documents is an error like any other.
func TestParametersOfNoTask(t *testing.T) {
	srv, c := service(t, key)
	srv.FailNext(1, fakeapi.Respond(http.StatusNotFound, jsonType, `{"code": 9999, "msg": "no such task"}`))
	_, err := read(t.Context(), c)
	reading.isRefusal(t, err, wrapper.ErrFailure)
}
