package wrapper

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/fetch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
)

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
