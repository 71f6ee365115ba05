package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

const (
	// fetchTimeout bounds the whole of fetching.
	fetchTimeout = time.Minute
	maxRedirects = 5
)

// fetcher fetches a document over HTTP, with a bound on everything.
type fetcher struct {
	transport http.RoundTripper // nil means the default, which uses proxies
	timeout   time.Duration
	limit     int64 // of the document, in bytes, after decompression
}

// fetch returns the document at rawURL. Errors name the address without its query
// and user info, which may hold a secret.
func (f fetcher) fetch(ctx context.Context, rawURL string) ([]byte, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	shown := u.Scheme + "://" + u.Host + u.EscapedPath()
	ctx, cancel := context.WithTimeoutCause(ctx, f.timeout, fmt.Errorf("no complete response within %v", f.timeout))
	defer cancel()
	data, err := f.get(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("SPEC_URL: %s: %w", shown, bare(ctx, err))
	}
	return data, nil
}

func (f fetcher) get(ctx context.Context, u *url.URL) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	client := http.Client{Transport: f.transport, CheckRedirect: onlyHTTPS}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("HTTP %d %s instead of the contract", resp.StatusCode, http.StatusText(resp.StatusCode))
	case resp.ContentLength > f.limit:
		return nil, fmt.Errorf("%w: %d bytes", errTooLarge, resp.ContentLength)
	}
	data, err := readBounded(resp.Body, f.limit)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("the response broke off after %d bytes", len(data))
	}
	return data, err
}

// parseURL takes https, and http to this machine.
func parseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil || u.Host == "":
		return nil, fmt.Errorf("SPEC_URL is no address (it is not shown: it may hold a secret); %w", errUsage)
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("SPEC_URL is not https; %w", errUsage)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// onlyHTTPS lets a redirect lead to https and nowhere else.
func onlyHTTPS(req *http.Request, via []*http.Request) error {
	switch {
	case req.URL.Scheme != "https":
		return errors.New("it redirects to an address that is not https")
	case len(via) > maxRedirects:
		return fmt.Errorf("it redirects more than %d times", maxRedirects)
	}
	return nil
}

// bare is err without the method and URL that net/http puts before it, and with
// the reason why the context ended, if it did.
func bare(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
