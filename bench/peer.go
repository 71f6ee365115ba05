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

// deleter deletes image tasks in one request. A nil error means that the
// service confirmed it with code 1000.
type deleter func(ctx context.Context, ids []string) error

// peer is one way to call deleteImagesTask. open prepares all that can be used
// for more than one call.
type peer struct {
	name string
	open func(baseURL string, transport http.RoundTripper) (deleter, error)
}

// peers holds ogen, too, if it is built in.
var peers = []peer{
	{"raw", openRaw},
	{"plain", openPlain},
	{"ours", openOurs},
	{"filter", openFilter},
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
func openOurs(baseURL string, transport http.RoundTripper) (deleter, error) {
	return openWrapper(wrapper.WithBaseURL(baseURL), wrapper.WithHTTPClient(&http.Client{Transport: transport}))
}

func openWrapper(opts ...wrapper.Option) (deleter, error) {
	client, err := wrapper.NewClient(apiKey, opts...)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids []string) error {
		resp, err := client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids})
		if err != nil {
			return err
		}
		return confirm(resp.Code)
	}, nil
}
