package send

import (
	"net/http"
	"strings"
	"testing"
)

// Each byte, at each place of a name and of a value, is allowed or not as RFC 9110 has
// it in sections 5.6.2 and 5.5.
func TestCheckHeaderByByte(t *testing.T) {
	t.Parallel()
	const token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		char := string([]byte{byte(c)})
		inName := strings.Contains(token, char)
		inValue := c >= ' ' && c != 0x7f || c == '\t'
		for _, text := range []string{char, char + "a", "a" + char, "a" + char + "a"} {
			if _, ok := CheckHeader(http.Header{text: {"a"}}); ok != inName {
				t.Errorf("name %q: %t", text, ok)
			}
			if name, ok := CheckHeader(http.Header{"A": {"a", text}}); ok != inValue || !ok && name != "A" {
				t.Errorf("value %q: %t, %q", text, ok, name)
			}
		}
	}
}
