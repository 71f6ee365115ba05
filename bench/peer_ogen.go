//go:build ogen

package bench

import (
	"context"
	"net/http"

	"github.com/tensorslab/tensorslab-go/bench/ogen/full"
	"github.com/tensorslab/tensorslab-go/bench/ogen/lean"
)

func init() {
	peers = append(peers, peer{"ogen", openOgen}, peer{"ogen-lean", openOgenLean})
}

type ogenKey struct{}

func (ogenKey) ApiKeyAuth(context.Context, full.OperationName) (full.ApiKeyAuth, error) {
	return full.ApiKeyAuth{APIKey: apiKey}, nil
}

// openOgen is the client that ogen generates by default.
func openOgen(baseURL string, transport http.RoundTripper) (deleter, error) {
	client, err := full.NewClient(baseURL, ogenKey{}, full.WithClient(newHTTPClient(transport)))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids []string) error {
		resp, err := client.DeleteImagesTask(ctx, &full.DeleteImagesTaskRequest{Taskids: ids})
		if err != nil {
			return err
		}
		if answer, ok := resp.(*full.DeleteImagesTaskResponse); ok {
			return confirm(answer.Code)
		}
		return errNoAnswer
	}, nil
}

type ogenLeanKey struct{}

func (ogenLeanKey) ApiKeyAuth(context.Context, lean.OperationName) (lean.ApiKeyAuth, error) {
	return lean.ApiKeyAuth{APIKey: apiKey}, nil
}

// openOgenLean is the client that ogen generates without OpenTelemetry.
func openOgenLean(baseURL string, transport http.RoundTripper) (deleter, error) {
	client, err := lean.NewClient(baseURL, ogenLeanKey{}, lean.WithClient(newHTTPClient(transport)))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids []string) error {
		resp, err := client.DeleteImagesTask(ctx, &lean.DeleteImagesTaskRequest{Taskids: ids})
		if err != nil {
			return err
		}
		if answer, ok := resp.(*lean.DeleteImagesTaskResponse); ok {
			return confirm(answer.Code)
		}
		return errNoAnswer
	}, nil
}
