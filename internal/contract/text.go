package contract

import (
	"strings"
	"unicode/utf8"
)

// CheckText says why a text such as an id can't be sent in JSON, or nothing.
// Invalid UTF-8 would arrive as another text: encoding/json replaces it.
func CheckText(s string) (reason string) {
	switch {
	case s != "" && s[0] > ' ' && s[0] < utf8.RuneSelf && utf8.ValidString(s):
		return "" // the short way for nearly all of millions of ids
	case strings.TrimSpace(s) == "":
		return "is blank"
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	}
	return ""
}
