package evolved_test

import (
	"context"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func query(ctx context.Context, c *generated.ClientWithResponses, id string) (any, error) {
	resp, err := c.InfoByTaskIDWithResponse(ctx, generated.InfoByTaskIDJSONRequestBody{TaskID: id})
	if err != nil {
		return nil, err
	}
	return resp.JSON200.Data.ImageStatus, nil
}

// The same operations as TensorsLab's own file may have them: requests by reference
// and required, the statuses listed, other words, more refusals.
func TestPublishedWhole(t *testing.T) {
	trial{
		operation: "infoByTaskId",
		request:   "POST /v1/images/infobytaskid",
		repeated:  true,
		call: func(ctx context.Context, c *generated.ClientWithResponses) (any, error) {
			return query(ctx, c, task)
		},
		response:  `{"code": 1000, "msg": "OK", "data": {"image_status": 4}}`,
		want:      generated.ImageStatus(4),
		invalid:   `{"code": 1000, "msg": "OK", "data": {"image_status": 5}}`,
		violation: wrapper.Violation{Pointer: "/data/image_status", Keyword: "enum"},
		refused: func(ctx context.Context, c *generated.ClientWithResponses) error {
			_, err := query(ctx, c, "")
			return err
		},
	}.run(t)
}

// What the wrapper has a method for is called as before.
func TestPublishedWholeGenerates(t *testing.T) {
	srv := fakeapi.Start(t, fakeapi.WithKey(key), fakeapi.WithStrict())
	c, err := wrapper.NewClient(key, wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() (*generated.GeneralResponse, error){
		"seeDreamV4": func() (*generated.GeneralResponse, error) {
			return c.SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{Prompt: "a fox", Resolution: "1:1"})
		},
		"seeDreamV45": func() (*generated.GeneralResponse, error) {
			return c.SeeDreamV45(t.Context(), generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox", Resolution: "2K"})
		},
		"seeDreamV5": func() (*generated.GeneralResponse, error) {
			return c.SeeDreamV5(t.Context(), generated.SeeDreamV5MultipartRequestBody{Prompt: "a fox"})
		},
		"zImage": func() (*generated.GeneralResponse, error) {
			return c.ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "a fox", PromptExtend: "1", Seed: new(int)})
		},
	} {
		created, err := call()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := c.DeleteImagesTask(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{created.Data.TaskID}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left := srv.Tasks(); len(left) != 0 {
		t.Errorf("tasks left: %q", left)
	}
}
