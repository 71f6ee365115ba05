//go:build ogen

package bench

import (
	"context"
	"net/http"
	"slices"

	"github.com/tensorslab/tensorslab-go/bench/ogen"
)

func init() {
	peers = slices.Insert(peers, len(peers)-1, peer{"ogen", openOgen})
}

type ogenKey struct{}

func (ogenKey) ApiKeyAuth(context.Context, ogen.OperationName) (ogen.ApiKeyAuth, error) {
	return ogen.ApiKeyAuth{APIKey: authorization}, nil
}

// openOgen is the client that ogen generates by default.
func openOgen(baseURL string, transport http.RoundTripper) (calls, error) {
	client, err := ogen.NewClient(baseURL, ogenKey{}, ogen.WithClient(newHTTPClient(transport)))
	if err != nil {
		return calls{}, err
	}
	return calls{
		remove: func(ctx context.Context, ids []string) error {
			resp, err := client.DeleteImagesTask(ctx, &ogen.DeleteImagesTaskRequest{Taskids: ids})
			if err != nil {
				return err
			}
			if response, ok := resp.(*ogen.DeleteImagesTaskResponse); ok {
				return confirm(response.Code)
			}
			return errNoResponse
		},
		query: func(ctx context.Context, id string) (int, error) {
			resp, err := client.InfoByTaskId(ctx, &ogen.InfoByTaskIdReq{Taskid: id})
			if err != nil {
				return 0, err
			}
			if response, ok := resp.(*ogen.ImageInfoResponse); ok {
				return len(response.Data.URL), confirm(response.Code)
			}
			return 0, errNoResponse
		},
	}, nil
}
