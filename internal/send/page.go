package send

import (
	"bytes"
	"net/http"
	"strings"
)

// IsPage reports whether a body is an HTML page, by its Content-Type or by its
// first bytes. Gateways and firewalls send pages; services for programs do not.
func IsPage(contentType string, body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		return false
	}
	declared := strings.ToLower(contentType)
	return strings.HasPrefix(declared, "text/html") || strings.HasPrefix(declared, "application/xhtml") ||
		strings.HasPrefix(http.DetectContentType(body), "text/html")
}
