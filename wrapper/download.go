package wrapper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/fetch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
)

const opDownload = "download"

// Downloaded is an image that was downloaded. Its kind is what its first bytes say:
// the host's media type and the URL may be wrong.
type Downloaded struct {
	Bytes     int64  // how many were written
	MediaType string // such as "image/png"; of any file with [DownloadPolicy.AnyFile]
	Ext       string // the usual extension of file names, such as ".png"; ".bin" for a file that is not an image
}

// Download writes the image at rawURL, one of the addresses of a completed task,
// to w as it is. Other hosts serve them, so the request carries neither the key
// nor any header of the user's but the product of [WithUserAgent]; an address that
// holds the key is refused. The address, and those of redirects, must be of public
// hosts, unless [DownloadPolicy] allows others. It is escaped as browsers do.
//
// Nothing is written of a response that is not an image (PNG, JPEG, GIF, WebP,
// AVIF, HEIC, TIFF or BMP, by its first bytes), unless [DownloadPolicy] allows it.
//
// An error is a [*RequestError] for a URL that must not be fetched, and otherwise a
// [*DownloadError]; Bytes then says how many bytes were written. Until the first of
// them, a retryable failure is retried within the retry policy; later the caller has
// to start again with an empty w. HTTP 404 is retried up to 3 times more and for up to
// 10 seconds (not if MaxAttempts is 1), since an image may appear a moment after its
// task has completed. The end of ctx does not interrupt a Write of w that blocks.
func (c *Client) Download(ctx context.Context, rawURL string, w io.Writer) (Downloaded, error) {
	if w == nil {
		return Downloaded{}, invalid(opDownload, "", "the writer is nil")
	}
	u, err := c.imageURL(ctx, rawURL)
	if err != nil {
		return Downloaded{}, err
	}
	return c.downloaded(c.fetcher.Get(ctx, u, w))
}

// DownloadFile is [Client.Download] to a file at path. The image goes to a temporary
// file in the same folder, which is synced to disk and renamed to path once it is
// whole. A file or symbolic link that exists there is replaced in that one step;
// anything else is kept, and is an error. The mode is 0644, less the umask.
//
// An image that breaks off is downloaded again from its beginning, within the retry
// policy. A failure leaves nothing behind, and an existing file as it was; only a
// process that is killed may leave the temporary file, named ".tensorslab-" and more.
func (c *Client) DownloadFile(ctx context.Context, rawURL, path string) (Downloaded, error) {
	u, err := c.imageURL(ctx, rawURL)
	if err != nil {
		return Downloaded{}, err
	}
	return c.downloaded(c.fetcher.GetFile(ctx, u, path))
}

// imageURL reads a URL, and refuses one that must not be fetched.
func (c *Client) imageURL(ctx context.Context, rawURL string) (*url.URL, error) {
	if err := c.ready(ctx, opDownload); err != nil {
		return nil, err
	}
	u, err := c.fetcher.Address(rawURL)
	switch {
	case errors.Is(err, ErrPrivateHost):
		return nil, &DownloadError{Host: u.Host, Err: err}
	case err != nil:
		return nil, invalid(opDownload, "", "%v", err)
	}
	return u, nil
}

func (c *Client) downloaded(got fetch.Copied, failure *fetch.Failure) (Downloaded, error) {
	if failure != nil {
		return Downloaded{Bytes: got.Bytes}, &DownloadError{Host: c.engine.redactor.Text(failure.Host), HTTPStatus: failure.Status, RetryAfter: failure.RetryAfter, Err: c.engine.redactor.Error(failure.Err)}
	}
	return Downloaded{got.Bytes, got.MediaType, got.Ext}, nil
}

// DownloadPolicy limits what [Client.Download] and [Client.DownloadFile] may do. A field that is zero
// stands for its default.
type DownloadPolicy struct {
	MaxBytes int64 // the largest file that is accepted; default: [DefaultMaxDownloadBytes]
	// MaxRedirects is the maximum number of redirects that are followed; a
	// negative number stands for none. Default: [DefaultMaxRedirects].
	MaxRedirects int
	Timeout      time.Duration // bounds a download, all attempts together; default: [DefaultDownloadTimeout]
	// AllowPrivate also allows addresses that are not public. Then whoever provides
	// the URL, or redirects, can make this program fetch from the network around it.
	AllowPrivate bool
	// AllowNetworks also allows addresses in these networks: 198.18.0.0/15 for a
	// proxy that hands out fake addresses, say. A private network also allows names
	// without a dot or in .local or .internal; a loopback one, localhost. With a base
	// URL on loopback, loopback addresses are always allowed, for the images of a fake.
	AllowNetworks []netip.Prefix
	AnyFile       bool // also accepts files that are not images, unless they are empty
	// Transport sends the requests, for a certificate pool or a proxy. It should
	// add no credentials: image hosts are other parties. Default: the transport
	// of net/http, which takes proxies from the environment.
	//
	// Unless AllowPrivate is set, a copy of an *http.Transport checks each address as
	// it dials. For any other RoundTripper all addresses of the host are resolved and
	// checked first; whether it dials the same ones, only it can tell. A proxy resolves
	// names itself, so that only localhost, names without a dot and private addresses
	// are refused.
	Transport http.RoundTripper
}

// The policy of downloads when [WithDownload] does not say otherwise.
const (
	DefaultMaxDownloadBytes = 256 << 20       // the largest file that Download accepts
	DefaultMaxRedirects     = 5               // the maximum number of redirects that Download follows
	DefaultDownloadTimeout  = 5 * time.Minute // bounds a Download, all attempts together
)

// WithDownload replaces the policy of downloads, which nothing else uses. They use
// nothing of [WithHTTPClient], which may hold credentials.
func WithDownload(p DownloadPolicy) Option {
	return option{"WithDownload", func(cfg *config) (err error) {
		cfg.download, err = fetch.Options{
			MaxBytes: p.MaxBytes, MaxRedirects: p.MaxRedirects, Timeout: p.Timeout, AllowPrivate: p.AllowPrivate,
			AllowNetworks: p.AllowNetworks, AnyFile: p.AnyFile, Transport: p.Transport,
		}.WithDefaults(fetch.Options{MaxBytes: DefaultMaxDownloadBytes, MaxRedirects: DefaultMaxRedirects, Timeout: DefaultDownloadTimeout})
		return err
	}}
}

// DownloadError is a download that did not succeed. It matches [ErrNotFound]
// (404 and 410), [ErrRateLimited] and [ErrServer] by status, and [ErrPrivateHost],
// [ErrRedirected], [ErrResponseTooLarge] or the context's error where that is
// the reason. What had been written to the writer stays there.
type DownloadError struct {
	// Host is the host of the last request, or empty if a file failed before the first.
	// The rest of the URL, which may be signed, is neither kept nor printed.
	Host       string
	HTTPStatus int           // of the response, or 0 where there was none
	RetryAfter time.Duration // how long the host asked to wait, or 0
	// Err is the reason, or nil if the status says all. It is or wraps a writer's error.
	Err error
}

// Error returns one line: the host, the reason, and what to do if that is known.
func (e *DownloadError) Error() string {
	text := strings.TrimSuffix("tensorslab: download from "+redact.Quoted(e.Host, maxPointerText), ` from ""`)
	if e.HTTPStatus != 0 {
		text += fmt.Sprintf(": HTTP %d", e.HTTPStatus)
	}
	return text + ": " + e.meaning()
}

func (e *DownloadError) meaning() string {
	switch {
	case errors.Is(e.Err, ErrPrivateHost):
		return fetch.PrivateReason(e.Err) + "; if it is meant, allow it with AllowNetworks or AllowPrivate (WithDownload)"
	case errors.Is(e.Err, fetch.ErrNotImage):
		return redact.OneLine(e.Err.Error(), maxCauseText) + "; if any file will do, set AnyFile (WithDownload)"
	case errors.Is(e.Err, ErrResponseTooLarge):
		return "the file is larger than the limit (WithDownload)"
	case e.Err != nil:
		return redact.OneLine(e.Err.Error(), maxCauseText)
	case e.Is(ErrServer), e.Is(ErrRateLimited):
		return "the host does not deliver the file at the moment; try again later"
	}
	return "the host does not deliver the file; addresses expire, so query the task again for a new one"
}

// Is reports whether target is a sentinel that applies to e's status.
func (e *DownloadError) Is(target error) bool {
	isGone := e.HTTPStatus == http.StatusNotFound || e.HTTPStatus == http.StatusGone
	return target == ErrNotFound && isGone || statusIs(e.HTTPStatus, target)
}

// Unwrap returns the reason, or nil.
func (e *DownloadError) Unwrap() error { return e.Err }

// GoString keeps %#v from printing what Error leaves out.
func (e *DownloadError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *DownloadError) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("kind", "download"), slog.String("host", redact.Cut(e.Host, maxPointerText)), slog.String("reason", e.meaning())}
	if e.HTTPStatus != 0 {
		attrs = append(attrs, slog.Int("status", e.HTTPStatus))
	}
	return slog.GroupValue(attrs...)
}
