package redact

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"
)

func TestTextsAreOnePrintableLine(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "plain", "a\nb", "\x00\x1b[2J\u202e\u2028\xff", `"quoted" \ `, strings.Repeat("漢\r\n", 1000)} {
		for name, got := range map[string]string{"Quoted": Quoted(s, 100), "OneLine": OneLine(s, 100)} {
			if len(got) > 110 || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%s: %d bytes: %q", name, len(got), got)
			}
		}
	}
	if got := OneLine(`say "no"`, 100); got != `say "no"` {
		t.Errorf("got %s", got)
	}
}

func TestJoinIsOneLine(t *testing.T) {
	t.Parallel()
	first, second := io.EOF, errors.New("second")
	if Join() != nil || Join(nil, nil) != nil {
		t.Error("no error is an error")
	}
	if err := Join(nil, first); err != first { //nolint:errorlint // the very same
		t.Errorf("one error is %v", err)
	}
	err := Join(first, nil, fmt.Errorf("more: %w", second))
	if err.Error() != "EOF; more: second" || !errors.Is(err, first) || !errors.Is(err, second) {
		t.Errorf("got %v", err)
	}
}

func TestJoinIsBounded(t *testing.T) {
	t.Parallel()
	last := errors.New("the last one")
	for _, n := range []int{2, 20, 200} {
		inner := []error{errors.New(strings.Repeat("y", 90))}
		for len(inner) < n {
			inner = append(inner, errors.New(strings.Repeat("x", 90)))
		}
		err := Join(io.EOF, Join(inner...), last)
		text := err.Error()
		shown := strings.Count(text, "; ") + 1
		if more := fmt.Sprintf("; and %d more", n+2-(shown-1)); n > 10 && !strings.HasSuffix(text, more) || n <= 10 && shown != n+2 {
			t.Errorf("%d errors: %d are shown, and then %q", n+2, shown, text[len(text)-20:])
		}
		if len(text) > 1000 || !strings.HasPrefix(text, "EOF; yyy") || !errors.Is(err, last) || !errors.Is(err, io.EOF) {
			t.Errorf("%d errors: %d bytes: %.100s", n+2, len(text), text)
		}
	}
}
