package wrapper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const opDownload = "download"

// Download writes the file behind rawURL, one of the addresses of a completed
// task, to w as it is, and returns how many bytes it wrote. The addresses lead to
// other hosts, so that the request carries neither the key nor any other header
// that came from the user.
//
// The URL is http or https and leads to a public host, unless [DownloadPolicy]
// allows others; so do the redirects, of which a few are followed. An error is a
// [*RequestError] for a URL that was refused, and a [*DownloadError] for anything
// else, failures of w included. As long as nothing has been written, what may
// yet succeed is tried again within the retry policy; after that the caller has
// to begin anew, with an empty w.
func (c *Client) Download(ctx context.Context, rawURL string, w io.Writer) (int64, error) {
	if ctx == nil {
		return 0, invalid(opDownload, "", "the context is nil")
	}
	if w == nil {
		return 0, invalid(opDownload, "", "the writer is nil")
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return 0, invalid(opDownload, "", "the URL is malformed")
	}
	if fault := c.downloads.fault(u); fault != nil {
		if errors.Is(fault, ErrPrivateHost) {
			return 0, &DownloadError{Host: u.Host, Err: fault}
		}
		return 0, invalid(opDownload, "", "%v", fault)
	}
	limited, cancel := context.WithTimeoutCause(ctx, c.downloads.policy.Timeout, errDownloadTimeout)
	defer cancel()
	return c.downloads.get(limited, u, w)
}

var errDownloadTimeout = errors.New("the download took longer than its Timeout (WithDownload)")

// downloader is what Download needs. It knows no key.
type downloader struct {
	policy    DownloadPolicy
	transport func() http.RoundTripper // made when it is first needed
	retry     RetryPolicy
	userAgent string
}

func newDownloader(cfg *config) *downloader {
	return &downloader{
		policy: cfg.download, transport: sync.OnceValue(cfg.download.transport),
		retry: cfg.retry, userAgent: cfg.userAgent,
	}
}

// fault says why a URL, given or in a redirect, is not asked.
func (d *downloader) fault(u *url.URL) error {
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the URL is neither http nor https")
	case u.Opaque != "" || u.Hostname() == "":
		return errors.New("the URL names no host")
	case u.User != nil:
		return errors.New("the URL holds user info, which would be sent to the host")
	case !validPort(u):
		return errors.New("the port of the URL is not between 1 and 65535")
	case !d.policy.AllowPrivate && !isPublicName(u.Hostname()):
		return ErrPrivateHost
	}
	return nil
}

// get tries until something has been written, or there is no hope.
func (d *downloader) get(ctx context.Context, u *url.URL, w io.Writer) (int64, error) {
	for attempts := 1; ; attempts++ {
		n, err := d.attempt(ctx, u, w)
		var failed *DownloadError
		if err == nil || n > 0 || attempts >= d.retry.MaxAttempts || !errors.As(err, &failed) || !failed.mayRetry() {
			return n, err
		}
		wait := max(d.retry.wait(attempts), failed.RetryAfter)
		if deadline, _ := ctx.Deadline(); wait > d.retry.MaxWait || time.Until(deadline) <= wait || !sleep(ctx, wait) {
			return n, err
		}
	}
}

func (e *DownloadError) mayRetry() bool {
	if e.HTTPStatus != 0 {
		return e.Is(ErrServer) || e.Is(ErrRateLimited)
	}
	return !errors.Is(e.Err, ErrPrivateHost) && !errors.Is(e.Err, ErrRedirected) && mayRetryError(e.Err, true)
}

func (d *downloader) attempt(ctx context.Context, u *url.URL, w io.Writer) (int64, error) {
	resp, last, err := d.open(ctx, u)
	if err != nil {
		return 0, &DownloadError{Host: last.Host, Err: withContextError(ctx, err)}
	}
	defer resp.Body.Close()
	failed := &DownloadError{Host: last.Host, HTTPStatus: resp.StatusCode, RetryAfter: retryAfter(resp.Header, time.Now())}
	if resp.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, resp.Body, MaxErrorBodyBytes) // so that the connection may be used again
		return 0, failed
	}
	if failed.Err = d.foreign(resp); failed.Err != nil {
		return 0, failed
	}
	n, err := copyBounded(w, resp.Body, d.policy.MaxBytes)
	if err != nil {
		failed.Err = withContextError(ctx, err)
		return n, failed
	}
	return n, nil
}

// foreign says why an answer can't be the file.
func (d *downloader) foreign(resp *http.Response) error {
	media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	encoding := resp.Header.Get("Content-Encoding")
	switch {
	case resp.ContentLength > d.policy.MaxBytes:
		return ErrResponseTooLarge
	case strings.EqualFold(strings.TrimSpace(media), "text/html"):
		return errors.New("the host answered with a page in place of the file")
	case encoding != "" && !strings.EqualFold(encoding, "identity"):
		return errors.New("the host answered with a Content-Encoding that was not asked for")
	}
	return nil
}

// open follows redirects by itself: an http.Client would send the whole URL
// before as Referer, and quote it in errors.
func (d *downloader) open(ctx context.Context, u *url.URL) (resp *http.Response, last *url.URL, err error) {
	for redirects := 0; ; redirects++ {
		req := (&http.Request{
			Method: http.MethodGet, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"User-Agent": {d.userAgent}, "Accept": {"*/*"}},
		}).WithContext(ctx)
		resp, err := d.transport().RoundTrip(req)
		if err != nil || !isRedirect(resp) {
			return resp, u, err
		}
		resp.Body.Close()
		next, err := u.Parse(resp.Header.Get("Location"))
		switch {
		case redirects >= d.policy.MaxRedirects:
			return nil, u, fmt.Errorf("%w more than %d times", ErrRedirected, d.policy.MaxRedirects)
		case err != nil:
			return nil, u, fmt.Errorf("%w to an address that is malformed", ErrRedirected)
		case u.Scheme == "https" && next.Scheme == "http":
			return nil, u, fmt.Errorf("%w from https to http", ErrRedirected)
		}
		if fault := d.fault(next); fault != nil {
			return nil, next, fmt.Errorf("%w: %w", ErrRedirected, fault)
		}
		u = next
	}
}

func isRedirect(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}

// copyBounded is io.Copy that fails where there is more than limit bytes.
func copyBounded(w io.Writer, body io.Reader, limit int64) (int64, error) {
	n, err := io.Copy(w, io.LimitReader(body, limit))
	if err != nil || n < limit {
		return n, err
	}
	if extra, err := io.ReadFull(body, make([]byte, 1)); extra > 0 {
		return n, ErrResponseTooLarge
	} else if err != io.EOF { //nolint:errorlint // io.Reader returns it as it is
		return n, err
	}
	return n, nil
}
