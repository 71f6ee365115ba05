package fakeapi

import (
	"net/http"
	"strings"
)

// bearer is the word before the key in the form that TensorsLab's prose uses.
const bearer = "Bearer"

// bareKey returns the key of a header value in either form.
func bareKey(value string) string {
	value = strings.TrimSpace(value)
	if rest, ok := cutBearer(value); ok {
		return rest
	}
	return value
}

// cutBearer returns what follows the word Bearer, in any case, if value is of
// that form.
func cutBearer(value string) (string, bool) {
	scheme, rest, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, bearer) {
		return "", false
	}
	return strings.TrimSpace(rest), true
}

// isAccepted reports whether a value is the configured key or, if that is empty, may be
// a key: one with white space inside is the credential of another scheme, such as Basic.
func isAccepted(value, key string) bool {
	return value == key || key == "" && !strings.ContainsAny(value, " \t")
}

// authenticate returns the message of a refusal, or "" if one of the
// operation's security requirements is met by key, or by any key if that is
// empty. missing says that no requirement was even attempted in full, which
// violates the contract; a wrong key does not.
func authenticate(key string, alternatives [][]string, carried http.Header) (refusal string, missing bool) {
	if len(alternatives) == 0 {
		return "", false
	}
	missing = true
	for _, headers := range alternatives {
		sent, accepted := true, true
		for _, name := range headers {
			values := carried[name]
			sent = sent && len(values) == 1 && bareKey(values[0]) != ""
			accepted = accepted && sent && isAccepted(bareKey(values[0]), key)
		}
		if accepted {
			return "", false
		}
		missing = missing && !sent
	}
	if missing {
		return "no API key: send it once, in " + placesOf(alternatives[0]), true
	}
	return "the API key is not accepted", false
}
