package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Printable returns s, quoted if it contains a character that could control a terminal.
func Printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return s
	}
	return strconv.Quote(s)
}

// OneLine returns s with its lines joined by "; " and other control characters escaped.
func OneLine(s string) string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(s, "\r", ""), "\n"), "\n")
	for i, line := range lines {
		if Printable(line) != line {
			quoted := strconv.Quote(line)
			lines[i] = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
		}
	}
	return strings.Join(lines, "; ")
}

// Quote returns a text of the service in quotes, control characters escaped, cut to at
// most 300 characters.
func Quote(s string) string { return fmt.Sprintf("%.300q", s) }

var shellWord = regexp.MustCompile(`^[A-Za-z0-9_.,:/@%+=-]+$`)

// ShellCommand returns the command that continues with a task, ready to be pasted into
// a shell. The id comes from the service, so it is quoted, and cannot be taken for a flag.
func ShellCommand(verb, id string, flags ...string) string {
	words := append([]string{"tensorslab", "images", verb}, flags...)
	if strings.HasPrefix(id, "-") {
		words = append(words, "--")
	}
	words = append(words, id)
	for i, word := range words {
		words[i] = ShellQuote(word)
	}
	return strings.Join(words, " ")
}

// ShellQuote returns word as one word for a POSIX shell.
func ShellQuote(word string) string {
	if shellWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(Printable(word), "'", `'\''`) + "'"
}

// Count returns n and noun, in the plural unless n is 1.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "ch") {
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Grouped returns n, which is not negative, with a comma before each three digits.
func Grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// NameIDs returns a short text that names ids: all of one, the first and last of many.
func NameIDs(ids []string) string {
	switch len(ids) {
	case 0:
		return "0 ids"
	case 1:
		return Printable(ids[0])
	}
	return fmt.Sprintf("%d ids (%s … %s)", len(ids), Printable(ids[0]), Printable(ids[len(ids)-1]))
}
