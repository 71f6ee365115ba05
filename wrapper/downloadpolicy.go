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
	// HTTPClient gives its Transport, for a certificate pool or a proxy; its
	// CheckRedirect, Jar and Timeout are not used. It should add no credentials:
	// image hosts are other parties. Default: the transport of net/http, which
	// takes proxies from the environment.
	//
	// Unless AllowPrivate is set, a copy of an *http.Transport dials by itself, so
	// that each address is checked as it is dialled. Any other RoundTripper is
	// used as it is, after all addresses that the resolver of this program gives
	// for the host have been checked; whether it dials the same, only it can tell.
	// So it is with a proxy, which resolves names by itself: there only the names
	// are checked, and localhost, names without a dot and private addresses are
	// refused.
	HTTPClient *http.Client
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
	var hc http.Client
	if p.HTTPClient != nil {
		hc = *p.HTTPClient
	}
	p.HTTPClient = &hc
	p.MaxBytes = cmp.Or(p.MaxBytes, DefaultMaxDownloadBytes)
	p.MaxRedirects = max(cmp.Or(p.MaxRedirects, DefaultMaxRedirects), 0)
	p.Timeout = cmp.Or(p.Timeout, DefaultDownloadTimeout)
	return p, nil
}

// transport is what sends the requests, checked by g unless p allows all
// addresses. Nothing is decompressed: the limit is one of bytes on the wire.
func (p DownloadPolicy) transport(g *dialGuard) http.RoundTripper {
	given := p.HTTPClient.Transport
	if given == nil {
		given = plainTransport()
	}
	own, ok := given.(*http.Transport)
	switch {
	case !ok && p.AllowPrivate:
		return given
	case !ok:
		return &resolvingGuard{dialGuard: g, next: given}
	}
	own = own.Clone()
	own.DisableCompression = true
	own.MaxResponseHeaderBytes = cmp.Or(own.MaxResponseHeaderBytes, maxHeaderBytes)
	if !p.AllowPrivate {
		g.guard(own)
	}
	return own
}
