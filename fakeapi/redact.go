package fakeapi

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	redacted = "[redacted]"
	// A shorter credential is redacted as a whole value only: the letter "k" must
	// not be cut out of every body.
	minScrubbed = 8
	// A request with more credentials is not searched for each: all of its text is
	// redacted.
	maxScrubbed = 8
)

// scrubber redacts the credentials that a request carries.
type scrubber []string

// isTooMany reports whether a search for each key would take too long.
func (keys scrubber) isTooMany() bool { return len(keys) > maxScrubbed }

// credentials returns the values of the secret headers, without the word
// Bearer.
func credentials(h http.Header, secret map[string]bool) scrubber {
	var keys scrubber
	for name, values := range h {
		for _, value := range values {
			if keys.isTooMany() {
				return keys
			}
			if key := bareKey(value); secret[name] && key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// requestOf returns the record of the head of a request.
func requestOf(r *http.Request, secret map[string]bool, keys scrubber) Request {
	header := make(http.Header, len(r.Header))
	for name, values := range r.Header {
		kept := make([]string, 0, len(values))
		for _, value := range values {
			if secret[name] {
				kept = append(kept, redactedForm(value))
			} else {
				kept = append(kept, keys.scrub(value))
			}
		}
		header[keys.scrub(name)] = kept
	}
	return Request{Time: time.Now(), Method: r.Method, Proto: r.Proto, Header: header,
		Path:  keys.scrubEscaped(r.URL.EscapedPath(), url.PathUnescape),
		Query: keys.scrubEscaped(withoutCredentials(r.URL.RawQuery, secret), url.QueryUnescape)}
}

// redactedForm keeps the word Bearer, so that a test can distinguish the forms.
func redactedForm(value string) string {
	if strings.TrimSpace(value) == "" {
		return ""
	}
	if rest, ok := cutBearer(value); ok && rest != "" {
		return bearer + " " + redacted
	}
	return redacted
}

func (keys scrubber) scrub(text string) string {
	if keys.isTooMany() && text != "" {
		return redacted
	}
	for _, key := range keys {
		if text == key {
			return redacted
		}
		if len(key) >= minScrubbed {
			text = strings.ReplaceAll(text, key, redacted)
		}
	}
	return text
}

// scrubEscaped scrubs a part of a URL. If a key appears only once the escapes
// are decoded, nothing of the part is kept.
func (keys scrubber) scrubEscaped(text string, unescape func(string) (string, error)) string {
	text = keys.scrub(text)
	if plain, err := unescape(text); err == nil && keys.scrub(plain) != plain {
		return redacted
	}
	return text
}

func (keys scrubber) scrubBytes(text []byte) []byte {
	if keys.isTooMany() && len(text) > 0 {
		return []byte(redacted)
	}
	for _, key := range keys {
		if len(key) >= minScrubbed && bytes.Contains(text, []byte(key)) {
			text = bytes.ReplaceAll(text, []byte(key), []byte(redacted))
		}
	}
	return text
}
