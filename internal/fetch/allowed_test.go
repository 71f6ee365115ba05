package fetch

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// Of the networks that are not public one is opened, for direct connections and for
// transports of another kind alike.
func TestAllowedNetworksAreReached(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, responds(200, nil, picture(9)))
	for name, tt := range map[string]struct {
		networks []netip.Prefix
		leads    string // where images.test leads
		is       error
		says     string
	}{
		"none":         {nil, "127.0.0.1", ErrPrivate, "127.0.0.0/8 is this machine"},
		"a fake-IP":    {nil, "198.18.0.7", ErrPrivate, "198.18.0.0/15 is for benchmarks; proxies that hand out fake addresses (TUN mode, fake-ip) use it, too"},
		"another one":  {[]netip.Prefix{netip.MustParsePrefix("198.18.0.0/15")}, "127.0.0.1", ErrPrivate, "127.0.0.0/8"},
		"this one":     {[]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, "127.0.0.1", nil, ""},
		"its neighbor": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}, "127.0.0.1", ErrPrivate, "127.0.0.0/8"},
	} {
		for kind, transport := range map[string]http.RoundTripper{
			"our transport": nil,
			"another": roundTripper(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(picture(9)))}, nil
			}),
		} {
			o := withTestDefaults(Options{AllowNetworks: tt.networks, Transport: transport})
			f := newFetcher(o, &dialGuard{resolver: resolving(t, tt.leads), check: newAllowed(tt.networks).check})
			t.Cleanup(f.CloseIdleConnections)
			n, failed := f.get(t.Context(), parse(t, "http://images.test:"+host.Port()+"/a.png"), io.Discard)
			if err := errorOf(failed); !errors.Is(err, tt.is) || err != nil && !strings.Contains(err.Error(), tt.says) || err == nil && n != 9 {
				t.Errorf("%s, %s: %d, %+v", name, kind, n, failed)
			}
		}
	}
}
