package wrapper

import (
	"log/slog"
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

// newPipeline puts one doer around another. From outside in:
//
//   - contract: sees each request once, before anything is sent, and the last
//     answer, so that its errors count all attempts;
//   - retry: repeats what is inside it;
//   - log: inside retry, so that each attempt leaves a record;
//   - limit: nearest to the network, so that all others see answers of
//     bounded size on connections that are free again;
//   - the http.Client.
func newPipeline(cfg *config) (*contractDoer, error) {
	spec, err := loadContract()
	if err != nil {
		return nil, err
	}
	var doer generated.HttpRequestDoer = cfg.attempt()
	if cfg.logger != nil {
		doer = &logDoer{next: doer, log: cfg.logger}
	}
	doer = &retryDoer{next: doer, policy: cfg.retry}
	return &contractDoer{next: doer, base: cfg.baseURL, contract: spec, mode: cfg.validation, log: cfg.reportTo()}, nil
}

// NewContractDoer returns the checking part alone, for those who use the
// generated client by itself: put it in with generated.WithHTTPClient. Requests
// to other places than operations of the contract below baseURL are refused
// with [RequestError]; what comes back is either an answer that satisfies the
// contract and says success, or a typed error, as [Client] gives it. Answers
// larger than [DefaultMaxResponseBytes] are refused. Nothing is retried.
//
// next sends the requests. An *http.Client is copied and follows no redirect;
// nil stands for one with the timeout and transport that [NewClient] would use.
// The base URL must be https, or http to a loopback address.
func NewContractDoer(baseURL string, next generated.HttpRequestDoer) (generated.HttpRequestDoer, error) {
	base, err := parseBaseURL(baseURL)
	if err != nil {
		return nil, optionError("NewContractDoer", err)
	}
	spec, err := loadContract()
	if err != nil {
		return nil, err
	}
	hc, isClient := next.(*http.Client)
	if next == nil || isClient && hc == nil {
		hc, isClient = &http.Client{Timeout: DefaultTimeout}, true
	}
	attempt := &limitDoer{next: next, bytes: DefaultMaxResponseBytes}
	if isClient {
		attempt = attemptBy(hc, 0, DefaultMaxResponseBytes)
	}
	return &contractDoer{next: attempt, base: base, contract: spec, log: slog.New(slog.DiscardHandler)}, nil
}
