package apikey

import (
	"fmt"
	"strings"
)

// setting returns the last value that text gives to a variable, as a shell would: with
// export or declare -x in front, with quotes, and with comments. White space around the
// equals sign is allowed, as in other readers of .env files. Nothing is expanded. An
// error begins with the number of the line.
func setting(text, name string) (value string, found bool, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		_, rest, ok := assignment(line, name)
		if !ok {
			continue
		}
		if value, _, ok = word(rest); !ok {
			return "", false, fmt.Errorf("%d: a quote is not closed", number)
		}
		found = true
	}
	return value, found, nil
}

// assignment splits a line that sets a variable after its equals sign.
func assignment(line, name string) (front, rest string, ok bool) {
	front, rest, ok = strings.Cut(line, "=")
	if !ok || strings.TrimSpace(withoutExport(strings.TrimSpace(front))) != name {
		return "", "", false
	}
	return front + "=", strings.TrimSpace(rest), true
}

// withoutExport removes what may precede the name of a variable in a shell.
func withoutExport(line string) string {
	for _, command := range []string{"export", "declare -x", "typeset -x"} {
		if rest, ok := strings.CutPrefix(line, command); ok && strings.TrimLeft(rest, " \t") != rest {
			return strings.TrimSpace(rest)
		}
	}
	return line
}

// word returns the value at the beginning of text as a shell reads it, what follows it,
// and whether its quotes are closed. A space does not end the value, unless a comment follows: a key with
// a space inside is to be refused, and not cut.
func word(text string) (value, rest string, ok bool) {
	var out strings.Builder
	var quote byte // the one that is open, or 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0 && (c == ';' || c == '#' && (i == 0 || isSpace(text[i-1]))):
			return strings.TrimSpace(out.String()), text[i:], true
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote && quote != 0:
			quote = 0
		case c == '\\' && i+1 < len(text) && escapes(quote, text[i+1]):
			i++
			out.WriteByte(text[i])
		default:
			out.WriteByte(c)
		}
	}
	return strings.TrimSpace(out.String()), "", quote == 0
}

// escapes reports whether a backslash takes the meaning from next within quote.
func escapes(quote, next byte) bool {
	return quote == 0 || quote == '"' && strings.IndexByte("\"\\$`", next) >= 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }
