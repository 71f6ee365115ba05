package wrapper

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// Option changes what [NewClient] builds. The errors of all options are
// reported together.
type Option interface{ apply(*config) error }

// option names itself in its error. It holds functions only, so that printing
// one prints no value.
type option struct {
	name string
	set  func(*config) error
}

func (o option) apply(cfg *config) error { return optionError(o.name, o.set(cfg)) }

// checked sets something if the condition for it holds, and is an error otherwise.
func checked(name string, ok bool, reason string, set func(*config)) Option {
	return option{name, func(cfg *config) error {
		if !ok {
			return errors.New(reason)
		}
		set(cfg)
		return nil
	}}
}

func optionError(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("tensorslab: %s: %w: %w", name, ErrInvalidOption, err)
}

// WithBaseURL sends requests to another server than [DefaultBaseURL]. The URL is
// https, or http to a loopback address; a path prefix is kept. One with user
// info, a query or a fragment is refused.
func WithBaseURL(rawURL string) Option {
	return option{"WithBaseURL", func(cfg *config) (err error) {
		cfg.baseURL, err = send.ParseBaseURL(rawURL)
		return err
	}}
}

// WithHTTPClient sends requests through a copy of hc, for a proxy, a
// certificate pool or instrumentation. The copy follows no redirect; its
// timeout is that of [WithTimeout], if given; without a Transport it gets ours.
//
// With an *http.Transport, each generation gets a connection of its own, made with a
// copy of its settings; MaxConnsPerHost limits these separately, and RegisterProtocol
// has no effect on them. Any other Transport gets generations with Close set. An
// *http.Transport with a Proxy function other than http.ProxyFromEnvironment is
// copied for all other requests too, so that the function is called once for each;
// [Client.CloseIdleConnections] closes that pool, and hc's does not.
func WithHTTPClient(hc *http.Client) Option {
	return checked("WithHTTPClient", hc != nil, "the client is nil", func(cfg *config) { cfg.httpClient = hc })
}

// WithBareKey sends the key in the Authorization header without "Bearer " in front
// of it. The contract can be read that way; TensorsLab's prose and every public
// client that is known to work say otherwise. Try it, or TENSORSLAB_AUTH=bare, if
// the service rejects the key ([ErrUnauthorized]). It has no effect on an operation
// for which the contract says how the key is sent.
func WithBareKey() Option {
	return checked("WithBareKey", true, "", func(cfg *config) { cfg.bareKey = true })
}

// WithUserAgent puts product, such as "retention-job/2.1", before our own in
// the User-Agent header.
func WithUserAgent(product string) Option {
	return option{"WithUserAgent", func(cfg *config) error {
		product := strings.TrimSpace(product)
		if product == "" || strings.ContainsFunc(product, notPrintableASCII) {
			return errors.New("the product is empty, or holds a control character or a non-ASCII byte")
		}
		cfg.userAgent = product + " " + cfg.userAgent
		return nil
	}}
}

// WithRequestEditor calls fn on each request before it is sent, once for all
// attempts, to add a header for example. It runs before the key is added, and from
// as many goroutines as there are calls. If it replaces the body it sets
// req.ContentLength as well, and the body is sent only once. An error of fn is a
// [RequestError] that unwraps to it.
func WithRequestEditor(fn generated.RequestEditorFn) Option {
	return checked("WithRequestEditor", fn != nil, "the editor is nil", func(cfg *config) { cfg.editors = append(cfg.editors, fn) })
}

// WithRetry replaces the retry policy.
func WithRetry(p RetryPolicy) Option {
	return option{"WithRetry", func(cfg *config) (err error) {
		cfg.retry, err = send.Policy(p).WithDefaults(send.Policy{
			MaxAttempts: DefaultMaxAttempts, Backoff: DefaultBackoff, MaxRetryAfter: DefaultMaxRetryAfter,
		})
		return err
	}}
}

// WithTimeout bounds each attempt, from dialing to the last byte of the
// response. A deadline of the context bounds all attempts together.
func WithTimeout(d time.Duration) Option {
	return checked("WithTimeout", d > 0, "the duration is not positive", func(cfg *config) { cfg.timeout = d })
}

// WithMaxResponseBytes bounds the body of a response after decompression, in bytes.
func WithMaxResponseBytes(n int64) Option {
	return checked("WithMaxResponseBytes", n > 0, "the number is not positive", func(cfg *config) { cfg.maxResponseBytes = n })
}

// WithLogger logs each attempt, at Debug if the response's status is 2xx and at
// Warn otherwise. Keys, ids and bodies are never logged.
func WithLogger(l *slog.Logger) Option {
	return checked("WithLogger", l != nil, "the logger is nil", func(cfg *config) { cfg.logger = l })
}

// WithValidation sets what happens to responses that violate the contract.
func WithValidation(mode ValidationMode) Option {
	return checked("WithValidation", mode <= Off, "there is no such mode", func(cfg *config) { cfg.validation = mode })
}

// RetryPolicy limits how many times a request is sent, and how long the waits
// between attempts are. A field that is zero stands for its default.
//
// A connection that is refused before anything was sent is retried for any
// operation; HTTP 429, most 5xx and lost connections only for operations that may
// be repeated: deletion and queries, and never generation.
type RetryPolicy struct {
	// MaxAttempts is the maximum number of times a request is sent; 1 switches
	// retries off. Default: [DefaultMaxAttempts].
	MaxAttempts int
	// Backoff is the upper bound of the random wait before the second attempt.
	// It doubles with each further one, up to 8 seconds. Default: [DefaultBackoff].
	Backoff time.Duration
	// MaxRetryAfter is the longest wait. A Retry-After that asks for more ends
	// the retries with the error at once. Default: [DefaultMaxRetryAfter].
	MaxRetryAfter time.Duration
	// RateLimited also repeats a generation, but only after HTTP 429, by which the
	// service rejected it without acting, unless the body may name a task.
	RateLimited bool
}

// The retry policy of a [Client] when [WithRetry] does not say otherwise.
const (
	DefaultMaxAttempts   = 3                      // the maximum number of times a request is sent
	DefaultBackoff       = 500 * time.Millisecond // the upper bound of the random wait before the second attempt
	DefaultMaxRetryAfter = 30 * time.Second       // the longest Retry-After that is obeyed
)

// ValidationMode says what happens to a response that violates the contract. In
// every mode a response that leaves nothing to decode (an undocumented status,
// no JSON, too large), or whose code, status or task id is repeated or in another case,
// is a [ContractError], a rejection by the service is an [APIError], and no method of
// [Client] reports a success without code 1000.
type ValidationMode uint8

const (
	Enforce ValidationMode = iota // returns a [ContractError]
	// Report logs the violations at Warn, to the logger of [WithLogger] or else
	// to slog.Default, and passes the response on.
	Report
	Off // does not look for violations
)

// String returns the name of the constant.
func (m ValidationMode) String() string {
	if m <= Off {
		return [...]string{"Enforce", "Report", "Off"}[m]
	}
	return fmt.Sprintf("ValidationMode(%d)", uint8(m))
}
