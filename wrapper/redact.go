package wrapper

import (
	"net/http"
	"strings"
)

const redacted = "[redacted]"

// minSecret is the shortest key that is searched for in texts of others: a
// shorter one would tear ordinary words apart.
const minSecret = 6

// redactor takes the key of one request out of what comes back: services and
// gateways do echo it.
type redactor struct{ secret string }

func redactorFor(req *http.Request) redactor {
	value := req.Header.Get("Authorization")
	if scheme, key, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "bearer") {
		value = strings.TrimSpace(key)
	}
	return redactor{value}
}

func (r redactor) text(s string) string {
	if len(r.secret) < minSecret {
		return s
	}
	return strings.ReplaceAll(s, r.secret, redacted)
}
