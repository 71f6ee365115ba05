package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// config is what options change. It never holds the key.
type config struct {
	baseURL          *url.URL
	httpClient       *http.Client
	editor           func(key string) (generated.RequestEditorFn, error)
	userAgent        string
	editors          []generated.RequestEditorFn
	retry            RetryPolicy
	timeout          time.Duration
	maxResponseBytes int64
	logger           *slog.Logger
	validation       ValidationMode
	download         DownloadPolicy
}

func newConfig(opts []Option) (*config, error) {
	cfg := &config{
		httpClient:       &http.Client{},
		editor:           APIKeyEditor,
		userAgent:        "tensorslab-go/" + Version,
		maxResponseBytes: DefaultMaxResponseBytes,
	}
	errs := []error{
		WithBaseURL(DefaultBaseURL).apply(cfg),
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
	return cfg, errors.Join(errs...)
}

// requestEditors are called in this order. The key comes last, after anything
// that could look at it.
func (cfg *config) requestEditors(auth generated.RequestEditorFn) []generated.RequestEditorFn {
	userAgent := []string{cfg.userAgent}
	editors := []generated.RequestEditorFn{func(_ context.Context, req *http.Request) error {
		req.Header["User-Agent"] = userAgent
		return nil
	}}
	for _, fn := range cfg.editors {
		editors = append(editors, editorFor(fn))
	}
	return append(editors, auth)
}

// attempt is the innermost doer. A timeout on the user's http.Client counts,
// unless WithTimeout says otherwise.
func (cfg *config) attempt() *limitDoer {
	timeout := cmp.Or(cfg.timeout, cfg.httpClient.Timeout, DefaultTimeout)
	return attemptBy(cfg.httpClient, timeout, cfg.maxResponseBytes)
}

func (cfg *config) reportTo() *slog.Logger {
	if cfg.logger != nil {
		return cfg.logger
	}
	return slog.Default()
}
