package wrapper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
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

func optionError(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("tensorslab: %s: %w: %w", name, ErrInvalidOption, err)
}

// WithBaseURL sends requests to another place than [DefaultBaseURL]. The URL is
// https, or http to a loopback address; a path prefix is kept. One with user
// info, a query or a fragment is refused.
func WithBaseURL(rawURL string) Option {
	return option{"WithBaseURL", func(cfg *config) (err error) {
		cfg.baseURL, err = parseBaseURL(rawURL)
		return err
	}}
}

// WithHTTPClient sends requests through a copy of hc, for a proxy, a
// certificate pool or instrumentation. The copy follows no redirect; its
// timeout is that of [WithTimeout], if given; without a Transport it gets ours.
func WithHTTPClient(hc *http.Client) Option {
	return option{"WithHTTPClient", func(cfg *config) error {
		if hc == nil {
			return errors.New("the client is nil")
		}
		cfg.httpClient = hc
		return nil
	}}
}

// WithBearer sends the key as "Bearer <key>", the form of TensorsLab's prose
// pages, in place of the bare key that the contract declares.
func WithBearer() Option {
	return option{"WithBearer", func(cfg *config) error {
		cfg.editor = BearerEditor
		return nil
	}}
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
// attempts, to add a header for example. It runs before the key is added, so it
// can't see it, and from as many goroutines as there are calls. An error of fn
// is a [RequestError] that unwraps to it.
func WithRequestEditor(fn generated.RequestEditorFn) Option {
	return option{"WithRequestEditor", func(cfg *config) error {
		if fn == nil {
			return errors.New("the editor is nil")
		}
		cfg.editors = append(cfg.editors, fn)
		return nil
	}}
}

// WithRetry replaces the retry policy.
func WithRetry(p RetryPolicy) Option {
	return option{"WithRetry", func(cfg *config) (err error) {
		cfg.retry, err = p.withDefaults()
		return err
	}}
}

// WithTimeout bounds each attempt, from dialling to the last byte of the
// answer. A deadline of the context bounds all attempts together.
func WithTimeout(d time.Duration) Option {
	return option{"WithTimeout", func(cfg *config) error {
		if d <= 0 {
			return errors.New("the duration is not positive")
		}
		cfg.timeout = d
		return nil
	}}
}

// WithMaxResponseBytes bounds the body of an answer after decompression, in bytes.
func WithMaxResponseBytes(n int64) Option {
	return option{"WithMaxResponseBytes", func(cfg *config) error {
		if n <= 0 {
			return errors.New("the number is not positive")
		}
		cfg.maxResponseBytes = n
		return nil
	}}
}

// WithLogger logs each attempt, at Debug if the answer's status is 2xx and at
// Warn otherwise. Keys, ids and bodies are never logged.
func WithLogger(l *slog.Logger) Option {
	return option{"WithLogger", func(cfg *config) error {
		if l == nil {
			return errors.New("the logger is nil")
		}
		cfg.logger = l
		return nil
	}}
}

// WithValidation sets what happens to answers that break the contract.
func WithValidation(mode ValidationMode) Option {
	return option{"WithValidation", func(cfg *config) error {
		if mode > Off {
			return errors.New("there is no such mode")
		}
		cfg.validation = mode
		return nil
	}}
}

// editorFor wraps a user's editor so that its error is one of ours.
func editorFor(fn generated.RequestEditorFn) generated.RequestEditorFn {
	return func(ctx context.Context, req *http.Request) error {
		before := req.Body
		err := fn(ctx, req)
		if req.Body != before {
			req.GetBody = nil // it would bring the old body back at the next attempt
		}
		if err != nil {
			return &RequestError{Reason: "a request editor failed: " + err.Error(), Err: err}
		}
		return nil
	}
}
