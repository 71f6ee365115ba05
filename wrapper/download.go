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
// that came from the user, but for the product of [WithUserAgent].
//
// The URL is http or https and leads to a public host, unless [DownloadPolicy]
// allows others; so do the redirects, of which a few are followed, and none from
// https to http. An error is a [*RequestError] for a URL that can't be asked, and
// a [*DownloadError] for anything else, a private host and failures of w
// included. As long as nothing has been written, what may yet succeed is tried
// again within the retry policy; after that the caller has to begin anew, with
// an empty w. The end of ctx does not interrupt a Write of w that blocks.
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
		policy:    cfg.download,
		transport: sync.OnceValue(func() http.RoundTripper { return cfg.download.transport(&dialGuard{public: isPublic}) }),
		retry:     cfg.retry, userAgent: cfg.userAgent,
	}
}

// get tries until something has been written, or there is no hope.
func (d *downloader) get(ctx context.Context, u *url.URL, w io.Writer) (int64, error) {
	for attempts := 1; ; attempts++ {
		n, failed := d.attempt(ctx, u, w)
		switch {
		case failed == nil:
			return n, nil
		case !failed.again || attempts >= d.retry.MaxAttempts:
			return n, failed
		}
		wait := max(d.retry.wait(attempts), failed.RetryAfter)
		if deadline, _ := ctx.Deadline(); wait > d.retry.MaxWait || time.Until(deadline) <= wait {
			return n, failed
		}
		if !sleep(ctx, wait) {
			failed.endWith(ctx)
			return n, failed
		}
	}
}

func (d *downloader) attempt(ctx context.Context, u *url.URL, w io.Writer) (int64, *DownloadError) {
	resp, last, err := d.open(ctx, u)
	failed := &DownloadError{Host: last.Host}
	if err != nil {
		failed.Err = withContextError(ctx, err)
		failed.again = !errors.Is(err, ErrPrivateHost) && !errors.Is(err, ErrRedirected) && mayRetryError(failed.Err, true)
		return 0, failed
	}
	defer resp.Body.Close() // unread: a host may be slow to end a page that nobody reads
	failed.HTTPStatus, failed.RetryAfter = resp.StatusCode, retryAfter(resp.Header, time.Now())
	if resp.StatusCode != http.StatusOK {
		failed.again = failed.Is(ErrServer) || failed.Is(ErrRateLimited)
		return 0, failed
	}
	if failed.Err = d.foreign(resp); failed.Err != nil {
		return 0, failed
	}
	body := &watchedReader{Reader: resp.Body}
	n, err := copyBounded(w, body, d.policy.MaxBytes)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, ErrResponseTooLarge):
		failed.Err = err
	case body.err != nil:
		failed.Err = withContextError(ctx, fmt.Errorf("the file broke off: %w", withoutURL(body.err, last)))
		failed.again = n == 0 && ctx.Err() == nil
	default:
		failed.Err = withContextError(ctx, fmt.Errorf("it could not be written: %w", err))
	}
	return n, failed
}

// foreign says why an answer can't be the file.
func (d *downloader) foreign(resp *http.Response) error {
	media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.ContentLength > d.policy.MaxBytes:
		return ErrResponseTooLarge
	case strings.EqualFold(strings.TrimSpace(media), "text/html"):
		return errors.New("the host answered with a page in place of the file")
	}
	for encoding := range strings.SplitSeq(strings.Join(resp.Header.Values("Content-Encoding"), ","), ",") {
		if encoding = strings.TrimSpace(encoding); encoding != "" && !strings.EqualFold(encoding, "identity") {
			return errors.New("the host answered with a Content-Encoding that was not asked for")
		}
	}
	return nil
}

// watchedReader tells a file that broke off from a writer that failed.
type watchedReader struct {
	io.Reader
	err error
}

func (r *watchedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != io.EOF {
		r.err = err
	}
	return n, err
}

// copyBounded is io.Copy that fails where there is more than limit bytes.
func copyBounded(w io.Writer, body io.Reader, limit int64) (int64, error) {
	n, err := io.Copy(w, io.LimitReader(body, limit))
	if err != nil || n < limit {
		return n, err
	}
	if extra, err := io.ReadFull(body, make([]byte, 1)); extra > 0 {
		return n, ErrResponseTooLarge
	} else if err != io.EOF {
		return n, err
	}
	return n, nil
}
