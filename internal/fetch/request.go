package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// Address reads a URL as [Parse] does, and reports why it must not be fetched as
// [Fetcher.Check] does; u is nil if it can't be parsed. A raw URL that holds the key
// is refused even where escaping it would hide that.
func (f *Fetcher) Address(raw string) (u *url.URL, err error) {
	if f.opts.HoldsKey != nil && f.opts.HoldsKey(raw) {
		return nil, errHoldsKey
	}
	if u, err = Parse(raw); err != nil {
		return nil, errors.New("the URL is malformed")
	}
	return u, f.Check(u)
}

var errHoldsKey = errors.New("the URL holds the API key, which is never sent to an image host")

// Check reports why u must not be fetched, or nil: it is neither http nor https,
// names no host or port that can be requested, holds user info or the key, or, with
// [ErrPrivate], names a host that is neither public nor allowed. Redirects are
// checked alike.
func (f *Fetcher) Check(u *url.URL) error {
	host := u.Hostname()
	switch {
	case f.opts.HoldsKey != nil && f.opts.HoldsKey(u.String()): // first, because whoever gets another error may show the host
		return errHoldsKey
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the URL is neither http nor https")
	case u.Opaque != "" || host == "":
		return errors.New("the URL names no host")
	case u.User != nil:
		return errors.New("the URL holds user info, which would be sent to the host")
	case !send.ValidPort(u):
		return errors.New("the port of the URL is not between 1 and 65535")
	case strings.ContainsFunc(host, notPrintableASCII): // net/http would request a name that was not checked
		return errors.New("the host of the URL holds a character that is not ASCII; write it in its xn-- form")
	case f.opts.AllowPrivate:
		return nil
	}
	return f.allowed.checkName(host)
}

func notPrintableASCII(r rune) bool { return r < ' ' || r > '~' }

// follow requests u, and then where its redirects lead. It does not leave that to
// an http.Client, which would send the whole previous URL as Referer, and quote it
// in errors. last is the URL that was requested or refused last, except one that holds
// the key, which may be its host.
func (f *Fetcher) follow(ctx context.Context, u *url.URL) (resp *http.Response, last *url.URL, err error) {
	for redirects := 0; ; redirects++ {
		resp, err := f.request(ctx, u)
		if err != nil || !isRedirect(resp) {
			return resp, u, err
		}
		resp.Body.Close()
		next, err := resolve(u, resp.Header.Get("Location"))
		switch {
		case redirects >= f.opts.MaxRedirects:
			return nil, u, fmt.Errorf("%w more than %d times", ErrRedirect, f.opts.MaxRedirects)
		case err != nil:
			return nil, u, fmt.Errorf("%w to an address that is malformed", ErrRedirect)
		case u.Scheme == "https" && next.Scheme == "http":
			return nil, u, fmt.Errorf("%w from https to http", ErrRedirect)
		}
		if err := f.Check(next); err != nil {
			if !errors.Is(err, errHoldsKey) {
				u = next
			}
			return nil, u, fmt.Errorf("%w: %w", ErrRedirect, err)
		}
		u = next
	}
}

// request sends one request. Nothing in it says who sends it, or where u was found.
func (f *Fetcher) request(ctx context.Context, u *url.URL) (*http.Response, error) {
	req := (&http.Request{
		Method: http.MethodGet, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {f.opts.UserAgent}, "Accept": {"*/*"}, "Accept-Encoding": {"identity"}},
	}).WithContext(send.Watched(withRoute(ctx)))
	resp, err := f.transport().RoundTrip(req)
	switch {
	case err != nil:
		if resp != nil && resp.Body != nil {
			resp.Body.Close()
		}
		return nil, err
	case resp == nil:
		return nil, errors.New("the HTTP client returned neither a response nor an error")
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	return resp, nil
}

func isRedirect(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}
