package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// fault says why a URL, given or in a redirect, is not asked.
func (d *downloader) fault(u *url.URL) error {
	host := u.Hostname()
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the URL is neither http nor https")
	case u.Opaque != "" || host == "":
		return errors.New("the URL names no host")
	case u.User != nil:
		return errors.New("the URL holds user info, which would be sent to the host")
	case !validPort(u):
		return errors.New("the port of the URL is not between 1 and 65535")
	case strings.ContainsFunc(host, notPrintableASCII): // net/http would ask for a name that we did not check
		return errors.New("the host of the URL holds a character that is not ASCII; write it in its xn-- form")
	case !d.policy.AllowPrivate && !isPublicName(host):
		return ErrPrivateHost
	}
	return nil
}

// open follows redirects by itself: an http.Client would send the whole URL
// before as Referer, and quote it in errors. last is the URL that was asked, or
// refused, last.
func (d *downloader) open(ctx context.Context, u *url.URL) (resp *http.Response, last *url.URL, err error) {
	for redirects := 0; ; redirects++ {
		resp, err := d.ask(ctx, u)
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

// ask makes one request. What it sends says nothing of the user or of the URL before.
func (d *downloader) ask(ctx context.Context, u *url.URL) (*http.Response, error) {
	req := (&http.Request{
		Method: http.MethodGet, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {d.userAgent}, "Accept": {"*/*"}, "Accept-Encoding": {"identity"}},
	}).WithContext(context.WithValue(ctx, hopKey{}, new(hop)))
	resp, err := d.transport().RoundTrip(req)
	switch {
	case err != nil:
		closeBody(resp)
		return nil, withoutURL(err, u)
	case resp == nil:
		return nil, errors.New("the HTTP client returned neither an answer nor an error")
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

// minSegment is the shortest part of a path that is taken for a secret of its own.
const minSegment = 16

// withoutURL hides an error whose text holds more of u than its host: net/http
// quotes what it can't parse, which may be an echo, and the transports of others
// may quote the URL. What remains still answers errors.Is.
func withoutURL(err error, u *url.URL) error {
	text := err.Error()
	for _, part := range privateParts(u) {
		if strings.Contains(text, part) {
			return &hiddenError{text: "no file came (the reason is not shown: it holds part of the URL)", cause: err}
		}
	}
	return err
}

func privateParts(u *url.URL) (parts []string) {
	add := func(part string, atLeast int) {
		if len(part) >= atLeast {
			parts = append(parts, part)
		}
	}
	for _, path := range []string{u.Path, u.EscapedPath()} {
		add(path, len("/x"))
		for segment := range strings.SplitSeq(path, "/") {
			add(segment, minSegment)
		}
	}
	add("?"+u.RawQuery, len("?x"))
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		value := pair[strings.IndexByte(pair, '=')+1:]
		add(value, minSecret)
		if plain, err := url.QueryUnescape(value); err == nil {
			add(plain, minSecret)
		}
	}
	return parts
}
