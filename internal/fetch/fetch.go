// Package fetch copies one image from a public host: bounded in size and time,
// anonymous, and never from an address that is not public unless that is allowed.
// It knows no key.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/image"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

var (
	// ErrPrivate says that a URL, a redirect or a name leads to an address that is
	// not public.
	ErrPrivate = errors.New("the address is not a public one")
	// ErrNotImage says that the host sent something else than an image.
	ErrNotImage = errors.New("the host did not send an image")
	// ErrEmpty says that the host sent a file without a byte.
	ErrEmpty = errors.New("the host sent an empty file")
	// ErrRedirect says that a redirect was not followed.
	ErrRedirect = errors.New("the request was redirected")
	// ErrTooLarge says that the file is larger than [Options].MaxBytes.
	ErrTooLarge = send.ErrTooLarge
	// ErrTimeout is the cause of a context that [Options].Timeout ended.
	ErrTimeout = errors.New("the download took longer than its Timeout (WithDownload)")
)

// Options says what a [Fetcher] may do. There are no defaults but those noted.
type Options struct {
	MaxBytes     int64         // the largest file that is copied
	MaxRedirects int           // how many redirects are followed
	Timeout      time.Duration // of all attempts together; 0: none
	AllowPrivate bool          // whether addresses may be requested that are not public
	AnyFile      bool          // whether a file is copied that is no image
	// AllowNetworks may be requested although they are not public.
	AllowNetworks []netip.Prefix
	// Transport sends the requests; nil stands for that of net/http. An
	// *http.Transport is copied, and the copy dials public addresses only. Any other
	// is used as it is, after the host's addresses have been looked up and checked.
	Transport http.RoundTripper
	UserAgent string
	Retry     send.Policy // for what may succeed later
	// HoldsKey reports whether a URL holds a key that no host may receive; nil: none does.
	HoldsKey func(rawURL string) bool
}

// WithDefaults returns o with d's MaxBytes, MaxRedirects and Timeout in place of
// zeros, and AllowNetworks copied. A negative MaxRedirects stands for none; other
// negative values, and a network that is not valid, are refused.
func (o Options) WithDefaults(d Options) (Options, error) {
	if o.MaxBytes < 0 || o.Timeout < 0 {
		return o, errors.New("a field is negative")
	}
	for _, network := range o.AllowNetworks {
		if !network.IsValid() {
			return o, errors.New("AllowNetworks holds a network that is not valid")
		}
	}
	o.AllowNetworks = slices.Clone(o.AllowNetworks)
	o.MaxBytes = cmp.Or(o.MaxBytes, d.MaxBytes)
	o.MaxRedirects = max(cmp.Or(o.MaxRedirects, d.MaxRedirects), 0)
	o.Timeout = cmp.Or(o.Timeout, d.Timeout)
	return o, nil
}

// Fetcher copies files. It may be used by several goroutines at once.
type Fetcher struct {
	opts      Options
	allowed   allowed
	transport func() http.RoundTripper // made when it is first needed
}

// New returns a Fetcher that works as o says.
func New(o Options) *Fetcher {
	networks := newAllowed(o.AllowNetworks)
	return newFetcher(o, &dialGuard{check: networks.check})
}

func newFetcher(o Options, g *dialGuard) *Fetcher {
	return &Fetcher{
		opts: o, allowed: newAllowed(o.AllowNetworks),
		transport: sync.OnceValue(func() http.RoundTripper { return o.transport(g) }),
	}
}

// CloseIdleConnections closes the connections that the Fetcher keeps for later
// requests.
func (f *Fetcher) CloseIdleConnections() {
	if c, ok := f.transport().(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// Copied is a file that was copied.
type Copied struct {
	Bytes      int64
	image.Type // by its first bytes
}

// Failure says why a file was not copied, or not to its end.
type Failure struct {
	Host       string        // the host that was requested last
	Status     int           // of its response, or 0 if there was none
	RetryAfter time.Duration // how long it asked to wait, or 0
	// Err is the reason, or nil if Status is. It shows no part of a URL but its host,
	// and wraps ErrPrivate, ErrNotImage, ErrEmpty, ErrRedirect, ErrTooLarge, the
	// context's error, or the error of the writer.
	Err error

	retryable bool // whether another attempt may succeed
}

// Get copies the file at u to w. The Failure is nil if that is the whole file, and
// otherwise Bytes is what was written of it. Nothing is written of a response that
// is not an image, unless [Options].AnyFile is set. What failed before anything was
// written is repeated as [Options].Retry says, if it may succeed later; a 404 is
// repeated a few times more, see missingAttempts. The end of ctx does not interrupt
// a Write of w that blocks.
func (f *Fetcher) Get(ctx context.Context, u *url.URL, w io.Writer) (Copied, *Failure) {
	return f.copy(ctx, u, w, nil)
}
