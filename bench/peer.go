package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	apiKey        = "sk-0123456789abcdef0123456789abcdef"
	authorization = "Bearer " + apiKey            // the header, as the wrapper sends it
	deletionURL   = "/v1/images/deleteimagestask" // below the base URL
)

// calls are the calls that all peers have. A nil error means that the service
// confirmed them with code 1000.
type calls struct {
	remove func(ctx context.Context, ids []string) error
	query  func(ctx context.Context, id string) (urls int, err error)
}

// peer is one way to call the service. open prepares all that can be used for more
// than one call.
type peer struct {
	name string
	open func(baseURL string, transport http.RoundTripper) (calls, error)
}

// peers holds ogen, too, if it is built in. Ours is the last one.
var peers = []peer{
	{"raw", openRaw},
	{"plain", openPlain},
	{"filter", openFilter},
	{"ours", openOurs},
}

func newHTTPClient(transport http.RoundTripper) *http.Client {
	return &http.Client{Transport: transport, Timeout: 60 * time.Second}
}

var errNoResponse = errors.New("the response could not be read")

func confirm(code int) error {
	if code != wrapper.CodeSuccess {
		return fmt.Errorf("the service responded with code %d", code)
	}
	return nil
}

// openOurs is the wrapper as its users have it.
func openOurs(baseURL string, transport http.RoundTripper) (calls, error) {
	return openWrapper(wrapper.WithBaseURL(baseURL), wrapper.WithHTTPClient(&http.Client{Transport: transport}))
}

func openWrapper(opts ...wrapper.Option) (calls, error) {
	client, err := wrapper.NewClient(apiKey, opts...)
	if err != nil {
		return calls{}, err
	}
	return calls{
		remove: func(ctx context.Context, ids []string) error {
			_, err := client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids})
			return err
		},
		query: func(ctx context.Context, id string) (int, error) {
			resp, err := client.InfoByTaskID(ctx, id)
			if err != nil {
				return 0, err
			}
			return len(resp.Data.URL), nil
		},
	}, nil
}
