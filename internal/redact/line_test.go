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
