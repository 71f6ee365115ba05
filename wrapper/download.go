package wrapper

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

const opDownload = "download"

// Download writes the file at rawURL, one of the addresses of a completed task,
// to w as it is, and returns how many bytes it wrote. The addresses lead to
// other hosts, so the request carries neither the key nor any other header
// that came from the user, except for the product of [WithUserAgent].
//
// The URL is http or https and leads to a public host, unless [DownloadPolicy]
// allows others; so do the redirects, of which a few are followed, and none from
// https to http. An error is a [*RequestError] for a URL that must not be
// fetched, and a [*DownloadError] for anything else, including a private host and
// failures of w. As long as nothing has been written, a retryable failure is
// retried within the retry policy; after that the caller has to start again with
// an empty w. The end of ctx does not interrupt a Write of w that blocks.
func (c *Client) Download(ctx context.Context, rawURL string, w io.Writer) (int64, error) {
	if err := c.ready(ctx, opDownload); err != nil {
		return 0, err
	}
	if w == nil {
		return 0, invalid(opDownload, "", "the writer is nil")
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return 0, invalid(opDownload, "", "the URL is malformed")
	}
	if err := c.fetcher.Check(u); err != nil {
		if errors.Is(err, ErrPrivateHost) {
			return 0, &DownloadError{Host: u.Host, Err: err}
		}
		return 0, invalid(opDownload, "", "%v", err)
	}
	n, failure := c.fetcher.Get(ctx, u, w)
	if failure != nil {
		return n, &DownloadError{Host: failure.Host, HTTPStatus: failure.Status, RetryAfter: failure.RetryAfter, Err: failure.Err}
	}
	return n, nil
}

// DownloadPolicy limits what [Client.Download] may do. A field that is zero
// stands for its default.
type DownloadPolicy struct {
	// MaxBytes is the largest file that is accepted. Default: [DefaultMaxDownloadBytes].
	MaxBytes int64
	// MaxRedirects is the maximum number of redirects that are followed; a
	// negative number stands for none. Default: [DefaultMaxRedirects].
	MaxRedirects int
	// Timeout bounds a download, all attempts together. Default: [DefaultDownloadTimeout].
	Timeout time.Duration
	// AllowPrivate also allows loopback, private and other addresses that are
	// not public. Then whoever provides the URL, or responds with a redirect, can
	// make this program fetch from the network around it.
	AllowPrivate bool
	// Transport sends the requests, for a certificate pool or a proxy. It should
	// add no credentials: image hosts are other parties. Default: the transport
	// of net/http, which takes proxies from the environment.
	//
	// Unless AllowPrivate is set, a copy of an *http.Transport dials with a dialer
	// of its own, so that each address is checked as it is dialed. Any other
	// RoundTripper is used as it is, after all addresses that this program's
	// resolver returns for the host have been checked; whether it dials the same
	// ones, only it can tell. The same applies to a proxy, which resolves names
	// itself: there only the names are checked, and localhost, names without a
	// dot and private addresses are refused.
	Transport http.RoundTripper
}

// The policy of downloads when [WithDownload] does not say otherwise.
const (
	// DefaultMaxDownloadBytes bounds what Download writes.
	DefaultMaxDownloadBytes = 256 << 20
	// DefaultMaxRedirects is the maximum number of redirects that Download follows.
	DefaultMaxRedirects = 5
	// DefaultDownloadTimeout bounds a Download, all attempts together.
	DefaultDownloadTimeout = 5 * time.Minute
)

// WithDownload limits what [Client.Download] may do. Nothing else uses it, and
// Download uses nothing of [WithHTTPClient], which may hold credentials.
func WithDownload(p DownloadPolicy) Option {
	return option{"WithDownload", func(cfg *config) (err error) {
		cfg.download, err = p.withDefaults()
		return err
	}}
}

func (p DownloadPolicy) withDefaults() (DownloadPolicy, error) {
	if p.MaxBytes < 0 || p.Timeout < 0 {
		return p, errors.New("a field is negative")
	}
	p.MaxBytes = cmp.Or(p.MaxBytes, DefaultMaxDownloadBytes)
	p.MaxRedirects = max(cmp.Or(p.MaxRedirects, DefaultMaxRedirects), 0)
	p.Timeout = cmp.Or(p.Timeout, DefaultDownloadTimeout)
	return p, nil
}
