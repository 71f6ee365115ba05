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
	"time"

	"github.com/tensorslab/tensorslab-go/internal/fetch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
)

const opDownload = "download"

// Downloaded is an image that was downloaded. Its kind is what its first bytes say:
// the host's media type and the URL may be wrong.
type Downloaded struct {
	Bytes int64 // how many were written
	// MediaType is the kind of image, such as "image/png". With
	// [DownloadPolicy.AnyFile] it may be that of another file.
	MediaType string
	// Ext is the usual extension of file names, with its dot, such as ".png". It is
	// ".bin" for a file that is not an image.
	Ext string
}

// Download writes the image at rawURL, one of the addresses of a completed task,
// to w as it is. The addresses lead to other hosts, so the request carries neither
// the key nor any other header that came from the user, except for the product of
// [WithUserAgent]; an address that holds the key is refused.
//
// The URL is http or https and leads to a public host, unless [DownloadPolicy]
// allows others; so do the redirects, of which a few are followed, and none from
// https to http. Blanks, quotes and characters outside of ASCII in its path and query
// are escaped as browsers do. Nothing is written of a response that is not an image
// (PNG, JPEG, GIF, WebP, AVIF, HEIC, TIFF or BMP, by its first bytes), unless
// [DownloadPolicy].AnyFile is set; an empty file is an error always.
//
// An error is a [*RequestError] for a URL that must not be fetched, and a
// [*DownloadError] for anything else, including a private host and failures of w;
// Bytes then says how many bytes were written. As long as nothing has been written,
// a retryable failure is retried within the retry policy; after that the caller has
// to start again with an empty w, or leave that to [Client.DownloadFile]. HTTP 404 is
// retried too, up to 3 times more than the policy's attempts and for up to 10 seconds
// (not if MaxAttempts is 1): hosts may have an image a moment after its task has
// completed. The end of ctx does not interrupt a Write of w that blocks.
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
// whole, so that path never names a part of an image. A file that exists there is
// replaced in that one step, and a symbolic link, too; anything that is not a file is
// kept, and is an error. The mode is 0644, less what the umask takes.
//
// An image that breaks off in the middle is downloaded again from its beginning,
// within the retry policy. On any failure nothing is left behind, and an existing
// file stays as it was; only a process that is killed may leave the temporary file,
// whose name begins with ".tensorslab-".
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
	if fetch.HoldsKey(c.engine.redactor, rawURL) {
		return nil, invalid(opDownload, "", "the URL holds the API key, which is never sent to an image host")
	}
	u, err := fetch.Parse(rawURL)
	if err != nil {
		return nil, invalid(opDownload, "", "the URL is malformed")
	}
	if err := c.fetcher.Check(u); errors.Is(err, ErrPrivateHost) {
		return nil, &DownloadError{Host: u.Host, Err: err}
	} else if err != nil {
		return nil, invalid(opDownload, "", "%v", err)
	}
	return u, nil
}

func (c *Client) downloaded(got fetch.Copied, failure *fetch.Failure) (Downloaded, error) {
	d := Downloaded{got.Bytes, got.MediaType, got.Ext}
	if failure != nil {
		return Downloaded{Bytes: got.Bytes}, &DownloadError{Host: failure.Host, HTTPStatus: failure.Status, RetryAfter: failure.RetryAfter, Err: c.engine.redactor.Error(failure.Err)}
	}
	return d, nil
}

// DownloadPolicy limits what [Client.Download] and [Client.DownloadFile] may do. A field that is zero
// stands for its default.
type DownloadPolicy struct {
	MaxBytes int64 // the largest file that is accepted; default: [DefaultMaxDownloadBytes]
	// MaxRedirects is the maximum number of redirects that are followed; a
	// negative number stands for none. Default: [DefaultMaxRedirects].
	MaxRedirects int
	Timeout      time.Duration // bounds a download, all attempts together; default: [DefaultDownloadTimeout]
	// AllowPrivate also allows loopback, private and other addresses that are
	// not public. Then whoever provides the URL, or responds with a redirect, can
	// make this program fetch from the network around it. AllowNetworks opens less.
	AllowPrivate bool
	// AllowNetworks also allows addresses in these networks, and no others that are
	// not public: 198.18.0.0/15 for a proxy that hands out fake addresses, say.
	// Names without a dot and those that end in .local or .internal are allowed with
	// a private network, and localhost with a loopback one. If the base URL is on
	// loopback, loopback addresses are allowed anyway: a fake has its images there.
	AllowNetworks []netip.Prefix
	// AnyFile also accepts files that are not images. It is still an error if there
	// is not one byte.
	AnyFile bool
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
	DefaultMaxDownloadBytes = 256 << 20       // the largest file that Download accepts
	DefaultMaxRedirects     = 5               // the maximum number of redirects that Download follows
	DefaultDownloadTimeout  = 5 * time.Minute // bounds a Download, all attempts together
)

// WithDownload limits what [Client.Download] and [Client.DownloadFile] may do.
// Nothing else uses it, and they use nothing of [WithHTTPClient], which may hold
// credentials.
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
	// Host is the host of the last request. The rest of the URL, which may be
	// signed, is neither kept nor printed.
	Host       string
	HTTPStatus int           // of the response, or 0 where there was none
	RetryAfter time.Duration // how long the host asked to wait, or 0
	// Err is the reason, or nil where the status says all. It is or wraps the
	// error of the writer where that failed.
	Err error
}

// Error returns one line of less than 1 KB: the host, the reason, and what to do.
func (e *DownloadError) Error() string {
	text := "tensorslab: download from " + redact.Quoted(e.Host, maxPointerText)
	if e.HTTPStatus != 0 {
		text += fmt.Sprintf(": HTTP %d", e.HTTPStatus)
	}
	return text + ": " + e.meaning()
}

func (e *DownloadError) meaning() string {
	switch {
	case errors.Is(e.Err, ErrPrivateHost):
		text := ErrPrivateHost.Error()
		if private := new(fetch.NotPublicError); errors.As(e.Err, &private) {
			text = private.Error()
		}
		return text + "; if it is meant, allow it with AllowNetworks or AllowPrivate (WithDownload)"
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
	switch target {
	case ErrNotFound:
		return e.HTTPStatus == http.StatusNotFound || e.HTTPStatus == http.StatusGone
	case ErrRedirected:
		return e.HTTPStatus >= 300 && e.HTTPStatus <= 399
	case ErrRateLimited:
		return e.HTTPStatus == http.StatusTooManyRequests
	case ErrServer:
		return e.HTTPStatus >= 500 && e.HTTPStatus <= 599
	}
	return false
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
