package fetch

import (
	"bytes"
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
func (f *Fetcher) attempt(ctx context.Context, u *url.URL, w io.Writer) (Copied, *Failure) {
	resp, last, err := f.follow(ctx, u)
	failed := &Failure{Host: last.Host}
	if err != nil {
		failed.Err = send.WithContext(ctx, withoutURL(err, last))
		failed.retryable = ctx.Err() == nil && !errors.Is(err, ErrPrivate) && !errors.Is(err, ErrRedirect) && send.IsTransient(err)
		return Copied{}, failed
	}
	defer resp.Body.Close() // unread: a host may be slow to end a page that nobody reads
	failed.Status, failed.RetryAfter = resp.StatusCode, send.RetryAfter(resp.Header, time.Now())
	if resp.StatusCode != http.StatusOK {
		failed.retryable = mayChange(resp.StatusCode)
		return Copied{}, failed
	}
	if failed.Err = checkResponse(resp, f.opts.MaxBytes); failed.Err != nil {
		return Copied{}, failed
	}
	body := &watchedReader{Reader: resp.Body}
	got, err := f.copyBody(w, body)
	switch {
	case err == nil:
		return got, nil
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrNotImage), errors.Is(err, ErrEmpty):
		failed.Err = err
	case body.err != nil:
		failed.Err = send.WithContext(ctx, fmt.Errorf("the file broke off: %w", withoutURL(body.err, last)))
		failed.retryable = ctx.Err() == nil
	default:
		failed.Err = send.WithContext(ctx, fmt.Errorf("it could not be written: %w", err))
	}
	return got, failed
}

// mayChange reports whether another request may get another status.
func mayChange(status int) bool {
	return status >= 500 && status <= 599 || status == http.StatusTooManyRequests || status == http.StatusNotFound
}

// copyBody copies body to w, if it is an image or anything will do.
func (f *Fetcher) copyBody(w io.Writer, body io.Reader) (got Copied, err error) {
	head, kind, err := readHead(body)
	if err != nil {
		return got, err
	}
	if got.Type, err = classify(head, kind, f.opts.AnyFile); err != nil {
		return got, err
	}
	got.Bytes, err = copyBounded(w, io.MultiReader(bytes.NewReader(head), body), f.opts.MaxBytes)
	return got, err
}

// codings are the content codings that IANA lists, but for identity. What else is
// named in a Content-Encoding, such as aws-chunked and utf-8, was meant for another
// field, and says nothing of the bytes that follow.
var codings = []string{"aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip", "x-compress", "x-gzip", "zstd"}

// checkResponse reports why a response with status 200 can't be the file.
func checkResponse(resp *http.Response, maxBytes int64) error {
	if resp.ContentLength > maxBytes {
		return ErrTooLarge
	}
	for named := range strings.SplitSeq(strings.Join(resp.Header.Values("Content-Encoding"), ","), ",") {
		for _, coding := range codings {
			if strings.EqualFold(strings.TrimSpace(named), coding) {
				return errors.New("the host sent a Content-Encoding that was not requested")
			}
		}
	}
	return nil
}

// watchedReader remembers the error of a body, to distinguish a file that broke
// off from a writer that failed. Its first error is also its last.
type watchedReader struct {
	io.Reader
	end error // io.EOF, or err
	err error
}

func (r *watchedReader) Read(p []byte) (n int, err error) {
	if r.end == nil {
		n, r.end = r.Reader.Read(p)
		if r.end != io.EOF {
			r.err = r.end
		}
	}
	return n, r.end
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
