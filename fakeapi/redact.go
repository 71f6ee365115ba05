package fakeapi

import (
	"bytes"
	"net/http"
	"strings"
)

const (
	redacted = "[redacted]"
	// A shorter credential is looked for as a whole value only: the letter "k"
	// must not be cut out of every body.
	minScrubbed = 8
)

// scrubber takes the credentials that a request carries out of what is kept
// of it.
type scrubber []string

// redact returns a copy of h without the values of the secret headers, and
// what finds the same values elsewhere in the request.
func redact(h http.Header, secret map[string]bool) (http.Header, scrubber) {
	clone := h.Clone()
	var keys scrubber
	for name, values := range clone {
		if !secret[name] {
			continue
		}
		for i, value := range values {
			if key := bareKey(value); key != "" {
				keys = append(keys, key)
			}
			values[i] = redactedForm(value)
		}
	}
	for name, values := range clone {
		if secret[name] {
			continue
		}
		for i, value := range values {
			values[i] = keys.scrub(value)
		}
	}
	return clone, keys
}

// redactedForm keeps the word Bearer, so that a test can tell the two forms.
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

func (keys scrubber) scrubBytes(text []byte) []byte {
	for _, key := range keys {
		if len(key) >= minScrubbed && bytes.Contains(text, []byte(key)) {
			text = bytes.ReplaceAll(text, []byte(key), []byte(redacted))
		}
	}
	return text
}
