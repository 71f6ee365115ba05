package wrapper

import (
	"cmp"
	"errors"
	"net/http"
	"time"
)

// DownloadPolicy says what [Client.Download] may do. A field that is zero stands
// for its default.
type DownloadPolicy struct {
	// MaxBytes is the largest file that is taken. Default: [DefaultMaxDownloadBytes].
	MaxBytes int64
	// MaxRedirects is how many redirects are followed; a negative number stands
	// for none. Default: [DefaultMaxRedirects].
	MaxRedirects int
	// Timeout bounds a download, all attempts together. Default: [DefaultDownloadTimeout].
	Timeout time.Duration
	// AllowPrivate lifts the ban on loopback, private and other addresses that
	// are not public. Then whoever gives the URL, or answers with a redirect, can
	// have this program fetch from the network around it.
	AllowPrivate bool
	// Transport sends the requests in place of our own, for a certificate pool or
	// a proxy. It should add no credentials: image hosts are other parties. Unless
	// AllowPrivate is set it has to be an *http.Transport, of which a copy is used
	// that dials by itself, since addresses could not be checked otherwise.
	Transport http.RoundTripper
}

// WithDownload sets what [Client.Download] may do. Nothing else uses it, and
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
	if _, ok := p.Transport.(*http.Transport); !ok && p.Transport != nil && !p.AllowPrivate {
		return p, errors.New("the Transport is no *http.Transport, so its addresses can't be checked; set AllowPrivate, or leave it out")
	}
	p.MaxBytes = cmp.Or(p.MaxBytes, DefaultMaxDownloadBytes)
	p.MaxRedirects = max(cmp.Or(p.MaxRedirects, DefaultMaxRedirects), 0)
	p.Timeout = cmp.Or(p.Timeout, DefaultDownloadTimeout)
	return p, nil
}

// transport is what sends the requests. Nothing is decompressed: what comes out
// of that would have no length that could be checked.
func (p DownloadPolicy) transport() http.RoundTripper {
	own, ok := p.Transport.(*http.Transport)
	if !ok && p.Transport != nil {
		return p.Transport
	}
	if !ok {
		own = plainTransport()
	}
	own = own.Clone()
	own.DisableCompression = true
	own.MaxResponseHeaderBytes = cmp.Or(own.MaxResponseHeaderBytes, maxHeaderBytes)
	if !p.AllowPrivate {
		guardDialing(own)
	}
	return own
}
