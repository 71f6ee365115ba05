package conformance

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Any string as a key: it is sent without the white space, the quotes and the
// "Bearer " around it, or refused, and never printed.
func FuzzKey(f *testing.F) {
	for _, around := range [][2]string{{"", ""}, {" \t", "\r\n"}, {"Bearer ", ""}, {`"bearer '`, `'"`}, {`"`, ""}, {"", "\x00"}, {"é", ""}, {"", "\nX: y"}, {"\xff", "\x7f"}, {"a b", "\u00a0"}} {
		f.Add(around[0], around[1])
	}
	unusable := func(r rune) bool { return r <= ' ' || r > '~' }
	f.Fuzz(func(t *testing.T, before, after string) {
		key := before + testKey + after
		var sent []string
		transport := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
			sent = req.Header.Values("Authorization")
			return testkit.Canned{Status: 200, Header: jsonHeader, Body: []byte(successBody)}.RoundTrip(req)
		})
		client, err := wrapper.NewClient(key, wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		if err != nil {
			if !errors.Is(err, wrapper.ErrInvalidKey) || leaks(err.Error(), testKey) || strings.IndexFunc(strings.TrimSpace(key), unusable) < 0 {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		if _, err := client.DeleteImagesTask(t.Context(), oneID); err != nil || len(sent) != 1 {
			t.Fatalf("%q was sent, %v", sent, err)
		}
		clean, isBearer := strings.CutPrefix(sent[0], "Bearer ")
		left, right, found := strings.Cut(key, clean)
		dropped := strings.Trim(strings.ReplaceAll(strings.ToLower(left+right), "bearer", ""), "\"' \t\r\n\v\f\u0085\u00a0")
		if !isBearer || !found || !strings.Contains(clean, testKey) || strings.IndexFunc(clean, unusable) >= 0 || strings.TrimSpace(dropped) != "" {
			t.Errorf("%q was sent, %q dropped", sent, left+right)
		}
		checkPrinted(t, testKey, "client", client)
	})
}

// Any string as a base URL: what is accepted is where the requests go, over
// https or to this machine; what is refused is not printed.
func FuzzBaseURL(f *testing.F) {
	const secret = "hunter2-S3cr3t"
	for _, raw := range []string{
		"https://h", "https://h/" + secret + "/", "http://127.0.0.1:8080/a/../b", "http://[::1]", "http://localhost", "http://u:" + secret + "@localhost",
		"https://h:" + secret, "https://h/%2e%2e/%2F" + secret, "https://h/a//b/", "HTTPS://H", "http://10.0.0.1", "https://h?" + secret, "https://[fe80::1%25" + secret + "]",
		"//h", "https:h", "https://h:0", "https://%zz" + secret, "https://h\\" + secret, "https://ä", "https://h/\x7f", "http://[::ffff:127.0.0.1]", " https://h\n", "https://h/;" + secret,
		"https://h\xff", "https://\u0130.example", "https://\u212a.example",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var went *url.URL
		transport := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
			went = req.URL
			return testkit.Canned{Status: 200, Header: jsonHeader, Body: []byte(successBody)}.RoundTrip(req)
		})
		client, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(raw), wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		if err != nil {
			if !errors.Is(err, wrapper.ErrInvalidOption) || leaks(err.Error(), secret) {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if _, err := client.DeleteImagesTask(t.Context(), oneID); err != nil {
			t.Fatalf("accepted, and then: %v", err)
		}
		given, err := url.Parse(strings.TrimSpace(raw))
		if err != nil || went.Host != strings.ToLower(given.Host) || !utf8.ValidString(given.Host) || went.Scheme != given.Scheme || went.User != nil || went.RawQuery != "" || went.Fragment != "" {
			t.Errorf("%q leads to %q (%v)", raw, went, err)
		}
		if !strings.HasSuffix(went.Path, frozen.Path("deleteImagesTask")) || went.Scheme != "https" && !isThisMachine(went.Hostname()) {
			t.Errorf("%q leads to %q", raw, went)
		}
	})
}

func isThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// Any Retry-After: never negative, and a number of seconds means just that.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "120", "-1", "1.5", " 7 ", "+3", "1e9", "9223372036", "9223372037", "99999999999999999999", "\u0661", "0x10", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "soon"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		header := http.Header{"Content-Type": {"application/json"}, "Retry-After": {value}}
		client := newClient(t, wrapper.DefaultBaseURL, testkit.Canned{Status: 429, Header: header, Body: []byte(refusalBody)})
		_, err := client.DeleteImagesTask(t.Context(), oneID)
		var api *wrapper.APIError
		if !errors.As(err, &api) || api.RetryAfter < 0 {
			t.Fatalf("got %v with %+v", err, api)
		}
		checkText(t, err)
		seconds, parseErr := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
		if parseErr == nil && api.RetryAfter != time.Duration(seconds)*time.Second {
			t.Errorf("%q means %v, got %v", value, time.Duration(seconds)*time.Second, api.RetryAfter)
		}
	})
}
