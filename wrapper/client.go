package wrapper

import (
	"errors"
	"net/url"
	"os"

	"github.com/tensorslab/tensorslab-go/generated"
)

// Client calls the Images Service API. It is safe for concurrent use; make one
// and keep it, since it holds the connections.
type Client struct {
	generated *generated.ClientWithResponses // for users
	checked   *generated.ClientWithResponses // for methods, which check what they send
	downloads *downloader
}

// NewClient returns a client that sends apiKey with each request. White space
// around the key is trimmed. Everything that is wrong with the key
// ([ErrInvalidKey]) and the options ([ErrInvalidOption]) is reported at once, and
// the key is not printed. No request is made.
func NewClient(apiKey string, opts ...Option) (*Client, error) {
	cfg, err := newConfig(opts)
	auth, keyErr := cfg.editor(apiKey)
	if err := errors.Join(keyErr, err); err != nil {
		return nil, err
	}
	doer, err := newPipeline(cfg)
	if err != nil {
		return nil, err
	}
	own := *doer
	own.checked = true
	editors := cfg.requestEditors(auth)
	g, err := newGenerated(cfg.baseURL, doer, editors)
	if err != nil {
		return nil, err
	}
	checked, err := newGenerated(cfg.baseURL, &own, editors)
	if err != nil {
		return nil, err
	}
	return &Client{generated: g, checked: checked, downloads: newDownloader(cfg)}, nil
}

func newGenerated(base *url.URL, doer generated.HttpRequestDoer, editors []generated.RequestEditorFn) (*generated.ClientWithResponses, error) {
	options := []generated.ClientOption{generated.WithHTTPClient(doer)}
	for _, fn := range editors {
		options = append(options, generated.WithRequestEditorFn(fn))
	}
	return generated.NewClientWithResponses(base.String(), options...)
}

// NewClientFromEnv is [NewClient] with the key from TENSORSLAB_API_KEY and, if
// it is set and no option says otherwise, the base URL from TENSORSLAB_BASE_URL.
func NewClientFromEnv(opts ...Option) (*Client, error) {
	if base := os.Getenv(EnvBaseURL); base != "" {
		opts = append([]Option{namedOption(EnvBaseURL, WithBaseURL(base))}, opts...)
	}
	return NewClient(os.Getenv(EnvAPIKey), opts...)
}

// namedOption reports an error under the name that its user knows.
func namedOption(name string, opt Option) Option {
	o := opt.(option)
	o.name = name
	return o
}

// Generated returns the generated client for every operation of the contract,
// with the same key, checks, limits, retries and typed errors as the methods of
// Client. A nil error comes with an answer that satisfies the contract. With
// [Report] or [Off], a body that the generated struct can't hold is an error of
// encoding/json. Ids are checked by the methods of Client only: here one that is
// not valid UTF-8 is sent as another id.
func (c *Client) Generated() *generated.ClientWithResponses { return c.generated }
