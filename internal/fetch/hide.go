package fetch

import (
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// The shortest parts of a URL that are searched for in errors. Shorter ones occur
// in ordinary words.
const (
	minValue   = 6  // of a value in the query
	minSegment = 16 // of a segment of the path
)

// withoutURL hides an error whose text holds more of u than its host. net/http
// quotes what it can't parse, which may be an echo, and other transports may quote
// the URL. The error that is returned still answers errors.Is.
func withoutURL(err error, u *url.URL) error {
	text := err.Error()
	for _, part := range privateParts(u) {
		if strings.Contains(text, part) {
			return redact.Hidden("the request failed (the reason is not shown: it holds part of the URL)", err)
		}
	}
	return err
}

func privateParts(u *url.URL) (parts []string) {
	add := func(part string, atLeast int) {
		if len(part) >= atLeast {
			parts = append(parts, part)
		}
	}
	for _, path := range []string{u.Path, u.EscapedPath()} {
		add(path, len("/x"))
		for segment := range strings.SplitSeq(path, "/") {
			add(segment, minSegment)
		}
	}
	add("?"+u.RawQuery, len("?x"))
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		value := pair[strings.IndexByte(pair, '=')+1:]
		add(value, minValue)
		if plain, err := url.QueryUnescape(value); err == nil {
			add(plain, minValue)
		}
	}
	return parts
}
