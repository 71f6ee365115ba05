package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/fetch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// Version of this module, as it is sent in the User-Agent header.
const Version = "0.1.0"

// Names of the environment variables that [NewClientFromEnv] reads.
const (
	// EnvAPIKey names the variable that holds the API key.
	EnvAPIKey  = "TENSORSLAB_API_KEY"  //nolint:gosec // a name, not a key
	EnvBaseURL = "TENSORSLAB_BASE_URL" // holds the base URL; may be unset
	// EnvAuth names the variable that says how the key is sent: "bare" as
	// [WithBareKey] does; "bearer", or unset, as "Bearer <key>".
	EnvAuth = "TENSORSLAB_AUTH"
)

// What a [Client] does when no [Option] says otherwise.
const (
	DefaultBaseURL          = generated.ServerURL // the first server that the contract lists: https://api.tensorslab.com
	DefaultTimeout          = 60 * time.Second    // bounds one attempt, from dialing to the last byte of the response
	DefaultMaxResponseBytes = 1 << 20             // bounds the body of a response, after decompression
)

// Client calls the Images Service API. It is safe for concurrent use; make one
// and keep it, since it holds the connections. The zero value returns an error
// from every call.
type Client struct {
	engine    *engine
	generated *generated.ClientWithResponses
	fetcher   *fetch.Fetcher
	anySource bool // whether files are sent that are no images
}

// NewClient returns a client that sends apiKey with each request, as "Bearer <key>"
// unless [WithBareKey] says otherwise; see [BearerEditor] for what is a key.
// Everything that is wrong with the key ([ErrInvalidKey]) and the options
// ([ErrInvalidOption]) is reported at once, without the key. No request is made.
func NewClient(apiKey string, opts ...Option) (*Client, error) {
	return newClient(&imagesService, apiKey, opts)
}

func newClient(s *service, apiKey string, opts []Option) (*Client, error) {
	cfg, err := newConfig(opts)
	key, keyErr := cleanKey(apiKey)
	if err := redact.Join(keyErr, err); err != nil {
		return nil, err
	}
	e, err := newEngine(s, cfg, key)
	if err != nil {
		return nil, err
	}
	g, err := generated.NewClientWithResponses(cfg.baseURL.String(),
		generated.WithHTTPClient(e), generated.WithRequestEditorFn(e.editor))
	if err != nil {
		return nil, err
	}
	return &Client{engine: e, generated: g, fetcher: cfg.fetcher(e.redactor), anySource: cfg.anySource}, nil
}

// NewClientFromEnv is [NewClient] with the key from TENSORSLAB_API_KEY and, where
// they are set and no option says otherwise, the base URL from TENSORSLAB_BASE_URL
// and the form of the key from TENSORSLAB_AUTH.
func NewClientFromEnv(opts ...Option) (*Client, error) {
	return NewClient(os.Getenv(EnvAPIKey), slices.Concat(opts, []Option{option{EnvAuth, authFromEnv}, option{EnvBaseURL, baseURLFromEnv}})...)
}

func authFromEnv(cfg *config) error {
	form := strings.ToLower(strings.TrimSpace(os.Getenv(EnvAuth)))
	if !cfg.bareKey && form != "" && form != "bare" && form != "bearer" {
		return errors.New("it is neither bearer nor bare")
	}
	cfg.bareKey = cfg.bareKey || form == "bare"
	return nil
}

func baseURLFromEnv(cfg *config) (err error) {
	if raw := os.Getenv(EnvBaseURL); raw != "" && cfg.baseURL == nil {
		cfg.baseURL, err = send.ParseBaseURL(raw)
	}
	return err
}

// Redact returns text with each occurrence of the client's key replaced, for logs and
// records of what others have written: prompts, names, messages. The texts of the errors of
// this package need no such treatment.
func (c *Client) Redact(text string) string {
	if c == nil || c.engine == nil {
		return text
	}
	return c.engine.redactor.Text(text)
}

// Generated returns the generated client for every operation of the contract,
// with the same key, checks, limits, retries and typed errors as the methods of
// Client; it is nil for the zero Client. With [Report] or [Off], a body that the
// generated struct can't hold is an error of encoding/json. Ids are checked by the
// methods of Client only: here one that is not valid UTF-8 is sent as another id.
func (c *Client) Generated() *generated.ClientWithResponses {
	if c == nil {
		return nil
	}
	return c.generated
}

// CloseIdleConnections closes the connections that c keeps for later requests, to
// the service and to image hosts, those of the caller's transports included; c can
// still be used. It is for programs that make many clients.
func (c *Client) CloseIdleConnections() {
	if c == nil || c.engine == nil {
		return
	}
	c.engine.sender.CloseIdleConnections()
	c.fetcher.CloseIdleConnections()
}

// NewContractDoer returns the checks alone, for the generated client without
// [Client]: pass it to generated.WithHTTPClient. Requests to other places than
// operations of the contract under baseURL are refused with [RequestError];
// responses, up to [DefaultMaxResponseBytes], are judged as [Client] does. Nothing
// is retried.
//
// next sends the requests: an *http.Client is copied and follows no redirect, and nil
// stands for the one of [NewClient]. The base URL must be https, or http to loopback.
func NewContractDoer(baseURL string, next generated.HttpRequestDoer) (generated.HttpRequestDoer, error) {
	base, err := send.ParseBaseURL(baseURL)
	if err != nil {
		return nil, optionError("NewContractDoer", err)
	}
	doc, err := imagesService.contract()
	if err != nil {
		return nil, err
	}
	client, timeout := send.Through(next, DefaultTimeout)
	sender := &send.Sender{Client: client, Timeout: timeout, MaxBytes: DefaultMaxResponseBytes}
	return &engine{service: &imagesService, contract: doc, base: base, sender: sender}, nil
}

// ready refuses a call that could not even begin.
func (c *Client) ready(ctx context.Context, operation string) error {
	switch {
	case c == nil || c.engine == nil:
		return invalid(operation, "", "the Client was not made by NewClient")
	case ctx == nil:
		return invalid(operation, "", "the context is nil")
	}
	return nil
}

// config is what options change. It never holds the key.
type config struct {
	baseURL          *url.URL
	httpClient       *http.Client
	bareKey          bool
	userAgent        string
	editors          []generated.RequestEditorFn
	retry            send.Policy
	timeout          time.Duration
	maxResponseBytes int64
	logger           *slog.Logger
	validation       ValidationMode
	download         fetch.Options
	anySource        bool
}

func newConfig(opts []Option) (*config, error) {
	cfg := &config{
		httpClient:       &http.Client{},
		userAgent:        "tensorslab-go/" + Version,
		maxResponseBytes: DefaultMaxResponseBytes,
	}
	errs := []error{
		WithRetry(RetryPolicy{}).apply(cfg),
		WithDownload(DownloadPolicy{}).apply(cfg),
	}
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, optionError(fmt.Sprintf("option %d", i+1), errors.New("it is nil")))
			continue
		}
		errs = append(errs, opt.apply(cfg))
	}
	if cfg.baseURL == nil {
		errs = append(errs, WithBaseURL(DefaultBaseURL).apply(cfg))
	}
	return cfg, redact.Join(errs...)
}

// sender sends within the limits of the configuration. A timeout on the user's
// http.Client counts, unless WithTimeout says otherwise.
func (cfg *config) sender() *send.Sender {
	hc, timeout := send.NewClient(cfg.httpClient, cfg.timeout)
	return &send.Sender{
		Client: hc, Timeout: cmp.Or(timeout, DefaultTimeout),
		MaxBytes: cfg.maxResponseBytes, Policy: cfg.retry,
	}
}

func (cfg *config) fetcher(key redact.Redactor) *fetch.Fetcher {
	o := cfg.download
	o.AllowNetworks = append(o.AllowNetworks, fetch.LoopbackOf(cfg.baseURL)...)
	o.UserAgent, o.Retry = cfg.userAgent, cfg.retry
	o.HoldsKey = func(rawURL string) bool { return fetch.HoldsKey(key, rawURL) }
	return fetch.New(o)
}
