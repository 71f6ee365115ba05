package bench

import (
	"context"
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

// openPlain is the generated client as oapi-codegen leaves it: no response is
// checked against the contract.
func openPlain(baseURL string, transport http.RoundTripper) (deleter, error) {
	return openGenerated(baseURL, newHTTPClient(transport))
}

func openGenerated(baseURL string, doer generated.HttpRequestDoer) (deleter, error) {
	client, err := generated.NewClientWithResponses(baseURL,
		generated.WithHTTPClient(doer), generated.WithRequestEditorFn(addKey))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids []string) error {
		resp, err := client.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids})
		if err != nil {
			return err
		}
		if resp.JSON200 == nil {
			return errNoResponse
		}
		return confirm(resp.JSON200.Code)
	}, nil
}

func addKey(_ context.Context, req *http.Request) error {
	req.Header.Set("Authorization", authorization)
	return nil
}
