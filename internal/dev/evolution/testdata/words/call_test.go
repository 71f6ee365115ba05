package evolved_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Texts and numbers whose values the contract begins to list stay what they were in Go,
// by reference, too. Values that are not in the list violate it.
func TestWords(t *testing.T) {
	trial{
		operation: "deleteImagesTask",
		request:   "POST /v1/images/deleteimagestask",
		repeated:  true,
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			resp, err := c.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}})
			if err != nil {
				return nil, err
			}
			var code int = resp.JSON200.Code
			var status, answer string = resp.JSON200.Data.Status, resp.JSON200.Data.Answer
			return []any{code, status, answer}, nil
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"status": "Success", "answer": "0"}}`,
		want:      []any{1000, "Success", "0"},
		invalid:   `{"code": 1000, "msg": "OK", "data": {"answer": "2"}}`,
		violation: wrapper.Violation{Pointer: "/data/answer", Keyword: "enum"},
	}.run(t)
}

func TestWordsOfAForm(t *testing.T) {
	srv := fakeapi.Start(t, fakeapi.WithKey(key), fakeapi.WithStrict())
	c, err := wrapper.NewClient(key, wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
	if err != nil {
		t.Fatal(err)
	}
	resolution, category := "16:9", "seedreamv4" // variables, which are of type string
	for _, tt := range []struct {
		req  generated.SeeDreamV45MultipartRequestBody
		want error
	}{
		{generated.SeeDreamV45MultipartRequestBody{Prompt: "p", Resolution: resolution, Category: category}, nil},
		{generated.SeeDreamV45MultipartRequestBody{Prompt: "p", Resolution: "2560x1440"}, wrapper.ErrInvalidRequest},
		{generated.SeeDreamV45MultipartRequestBody{Prompt: "p", Category: "another"}, wrapper.ErrInvalidRequest},
	} {
		if _, err := c.SeeDreamV45(t.Context(), tt.req); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v; want %v", tt.req, err, tt.want)
		}
	}
	var status generated.ImageStatus = generated.ImageStatusCompleted
	if status != 3 {
		t.Errorf("completed is %d", status)
	}
}
