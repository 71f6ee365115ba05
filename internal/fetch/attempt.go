package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// attempt requests u once, with its redirects, and copies the file to w.
func (f *Fetcher) attempt(ctx context.Context, u *url.URL, w io.Writer) (int64, *Failure) {
	resp, last, err := f.follow(ctx, u)
	failed := &Failure{Host: last.Host}
	if err != nil {
		failed.Err = send.WithContext(ctx, withoutURL(err, last))
		failed.retryable = ctx.Err() == nil && !errors.Is(err, ErrPrivate) && !errors.Is(err, ErrRedirect) && send.IsTransient(err)
		return 0, failed
	}
	defer resp.Body.Close() // unread: a host may be slow to end a page that nobody reads
	failed.Status, failed.RetryAfter = resp.StatusCode, send.RetryAfter(resp.Header, time.Now())
	if resp.StatusCode != http.StatusOK {
		failed.retryable = resp.StatusCode >= 500 && resp.StatusCode <= 599 || resp.StatusCode == http.StatusTooManyRequests
		return 0, failed
	}
	if failed.Err = checkResponse(resp, f.opts.MaxBytes); failed.Err != nil {
		return 0, failed
	}
	body := &watchedReader{Reader: resp.Body}
	n, err := copyBounded(w, body, f.opts.MaxBytes)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, ErrTooLarge):
		failed.Err = err
	case body.err != nil:
		failed.Err = send.WithContext(ctx, fmt.Errorf("the file broke off: %w", withoutURL(body.err, last)))
		failed.retryable = n == 0 && ctx.Err() == nil
	default:
		failed.Err = send.WithContext(ctx, fmt.Errorf("it could not be written: %w", err))
	}
	return n, failed
}

// checkResponse reports why a response with status 200 can't be the file.
func checkResponse(resp *http.Response, maxBytes int64) error {
	media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.ContentLength > maxBytes:
		return ErrTooLarge
	case strings.EqualFold(strings.TrimSpace(media), "text/html"):
		return errors.New("the host sent a page in place of the file")
	}
	for encoding := range strings.SplitSeq(strings.Join(resp.Header.Values("Content-Encoding"), ","), ",") {
		if encoding = strings.TrimSpace(encoding); encoding != "" && !strings.EqualFold(encoding, "identity") {
			return errors.New("the host sent a Content-Encoding that was not requested")
		}
	}
	return nil
}

// watchedReader remembers the error of a body, to distinguish a file that broke
// off from a writer that failed.
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

// copyBounded is io.Copy that fails if body holds more than limit bytes.
func copyBounded(w io.Writer, body io.Reader, limit int64) (int64, error) {
	n, err := io.Copy(w, io.LimitReader(body, limit))
	if err != nil || n < limit {
		return n, err
	}
	if extra, err := io.ReadFull(body, make([]byte, 1)); extra > 0 {
		return n, ErrTooLarge
	} else if err != io.EOF {
		return n, err
	}
	return n, nil
}
