package fakeapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// bearer is the word before the key in the form that TensorsLab's prose uses.
const bearer = "Bearer"

// keySum stands for a key: no way of printing a server can show the key itself.
type keySum struct {
	digest [sha256.Size]byte
	size   int
}

func sumOf(key string) keySum { return keySum{digest: sha256.Sum256([]byte(key)), size: len(key)} }

// accepts reports whether value, a header's, carries the key; a nil keySum
// accepts any key.
func (k *keySum) accepts(value string) bool {
	if k == nil {
		return true
	}
	sum := sumOf(bareKey(value))
	return subtle.ConstantTimeCompare(sum.digest[:], k.digest[:]) == 1
}

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

// authenticate returns the text of the refusal, or "" if one of the
// operation's security requirements is met. missing says that no requirement
// was even attempted in full, which breaks the contract; a wrong key does not.
func (k *keySum) authenticate(alternatives [][]string, h http.Header) (refusal string, missing bool) {
	if len(alternatives) == 0 {
		return "", false
	}
	missing = true
	for _, headers := range alternatives {
		sent, accepted := true, true
		for _, name := range headers {
			values := h.Values(name)
			sent = sent && len(values) == 1 && bareKey(values[0]) != ""
			accepted = accepted && sent && k.accepts(values[0])
		}
		if accepted {
			return "", false
		}
		missing = missing && !sent
	}
	if missing {
		return "no API key: send it once, in the header " + strings.Join(alternatives[0], " and "), true
	}
	return "the API key is not accepted", false
}
