//go:build ogen

package bench

import (
	"context"
	"net/http"

	"github.com/tensorslab/tensorslab-go/bench/ogen"
)

func init() {
	peers = append(peers, peer{"ogen", openOgen})
}

type ogenKey struct{}

func (ogenKey) ApiKeyAuth(context.Context, ogen.OperationName) (ogen.ApiKeyAuth, error) {
	return ogen.ApiKeyAuth{APIKey: authorization}, nil
}

// openOgen is the client that ogen generates by default.
func openOgen(baseURL string, transport http.RoundTripper) (deleter, error) {
	client, err := ogen.NewClient(baseURL, ogenKey{}, ogen.WithClient(newHTTPClient(transport)))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids []string) error {
		resp, err := client.DeleteImagesTask(ctx, &ogen.DeleteImagesTaskRequest{Taskids: ids})
		if err != nil {
			return err
		}
		if response, ok := resp.(*ogen.DeleteImagesTaskResponse); ok {
			return confirm(response.Code)
		}
		return errNoResponse
	}, nil
}
