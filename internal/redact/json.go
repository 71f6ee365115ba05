package redact

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// JSON returns a valid JSON text with the key replaced in each string that is a
// value, and data itself if there is none. Names are not changed, nor are the
// values of the name except: an identifier is of no use in part.
func (r Redactor) JSON(data []byte, except string) []byte {
	if !r.MayBeIn(data) {
		return data
	}
	text, name := string(data), ""
	var kept strings.Builder
	last := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		end := endOfString(text, i)
		literal := text[i:end]
		if isName(text[end:]) {
			name = literal[1 : len(literal)-1]
		} else if clean := r.Text(literal); name != except && clean != literal {
			kept.WriteString(text[last:i])
			if !json.Valid([]byte(clean)) { // the spelling began within an escape
				clean = `"` + redacted + `"`
			}
			kept.WriteString(clean)
			last = end
		}
		i = end - 1
	}
	if last == 0 {
		return data
	}
	kept.WriteString(text[last:])
	return []byte(kept.String())
}

// MayBeIn reports whether [Redactor.JSON] may change data. It is false for nearly every
// body, and cheap.
func (r Redactor) MayBeIn(data []byte) bool {
	secrets := r.secrets()
	if len(secrets) == 0 {
		return false
	}
	has := func(c byte) bool { return bytes.IndexByte(data, c) >= 0 }
	if has('\\') || has('%') || has('~') || has('&') && has(';') { // what begins an escape, see spelledByte
		return true
	}
	var room [128]byte // so that nothing is allocated for a key of the usual length
	return slices.ContainsFunc(secrets, func(secret string) bool { return bytes.Contains(data, append(room[:0], secret...)) })
}

// endOfString returns where the string that begins at start ends.
func endOfString(text string, start int) int {
	i := start + 1
	for i < len(text) && text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return min(i+1, len(text))
}

func isName(rest string) bool {
	return strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), ":")
}
