package wrapper

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Longest parts of an error text, in bytes. Together they stay below 1 KB.
const (
	maxMessageText   = 320
	maxCauseText     = 480
	maxRequestIDText = 80
	maxPointerText   = 96
	maxPointers      = 3
)

// quoted is s in Go syntax, control characters escaped, cut to about n bytes.
func quoted(s string, n int) string {
	return strconv.Quote(cut(s, n))
}

// oneLine is s with control characters escaped, cut to about n bytes.
func oneLine(s string, n int) string {
	q := quoted(s, n)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// cut shortens s so that its quoted form has at most n bytes.
func cut(s string, n int) string {
	size := 0
	for i, r := range s {
		w := utf8.RuneLen(r)
		if r == utf8.RuneError || !strconv.IsPrint(r) || r == '"' || r == '\\' {
			w = len(`\U00000000`)
		}
		if size += w; size > n {
			return s[:i] + "…"
		}
	}
	return s
}

func goString(err error) string { return fmt.Sprintf("%T(%q)", err, err.Error()) }

// details are what the error types have in common, for the end of a text.
func details(requestID string, attempts int) string {
	var parts []string
	if requestID != "" {
		parts = append(parts, "request id "+quoted(requestID, maxRequestIDText))
	}
	if attempts > 1 {
		parts = append(parts, fmt.Sprintf("%d attempts", attempts))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// logAttrs leaves out what is zero.
func logAttrs(kind, operation string, status int, requestID string, attempts int, o outcome) []slog.Attr {
	attrs := []slog.Attr{slog.String("kind", kind), slog.String("operation", operation), slog.String("outcome", o.String())}
	if status != 0 {
		attrs = append(attrs, slog.Int("status", status))
	}
	if requestID != "" {
		attrs = append(attrs, slog.String("request_id", cut(requestID, maxRequestIDText)))
	}
	if attempts != 0 {
		attrs = append(attrs, slog.Int("attempts", attempts))
	}
	return attrs
}
