package bench

import (
	"context"
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

// openPlain is the generated client as oapi-codegen leaves it: no response is
// checked against the contract.
func openPlain(baseURL string, transport http.RoundTripper) (calls, error) {
	return openGenerated(baseURL, newHTTPClient(transport))
}

func openGenerated(baseURL string, doer generated.HttpRequestDoer) (calls, error) {
	client, err := generated.NewClientWithResponses(baseURL,
		generated.WithHTTPClient(doer), generated.WithRequestEditorFn(addKey))
	if err != nil {
		return calls{}, err
	}
	return calls{
		remove: func(ctx context.Context, ids []string) error {
			resp, err := client.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids})
			if err != nil {
				return err
			}
			if resp.JSON200 == nil {
				return errNoResponse
			}
			return confirm(resp.JSON200.Code)
		},
		query: func(ctx context.Context, id string) (int, error) {
			resp, err := client.InfoByTaskIDWithResponse(ctx, generated.InfoByTaskIDJSONRequestBody{TaskID: id})
			if err != nil {
				return 0, err
			}
			if resp.JSON200 == nil {
				return 0, errNoResponse
			}
			return len(resp.JSON200.Data.URL), confirm(resp.JSON200.Code)
		},
	}, nil
}

func addKey(_ context.Context, req *http.Request) error {
	req.Header.Set("Authorization", authorization)
	return nil
}
