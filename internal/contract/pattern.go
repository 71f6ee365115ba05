package contract

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// goPattern translates a regular expression of ECMA-262, which the patterns of
// OpenAPI are, into one of package regexp that matches the same texts. The error
// names what the pattern has and package regexp lacks.
func goPattern(pattern string) (string, error) {
	t := translator{in: pattern, dot: "[^" + lineEnds + "]"}
	if flagS.get().MatchString(pattern) {
		t.dot = "."
	}
	for t.in != "" {
		if err := t.next(); err != nil {
			return "", err
		}
	}
	translated := t.out.String()
	if _, err := regexp.Compile(translated); err != nil {
		return "", errors.New("a part that Go's regexp can't read")
	}
	return translated, nil
}

// translator writes what it reads of a pattern, in the notation of package regexp.
type translator struct {
	in  string
	dot string // what a dot becomes
	out strings.Builder
}

// flagS is a flag of package regexp, in which some documents are written.
var flagS = lateRegexp{text: `\(\?[A-Za-z]*s`}

// Classes that ECMA-262 and package regexp define differently, as the inside of a
// class of package regexp.
const (
	lineEnds   = `\n\r\x{2028}\x{2029}`
	spaces     = `\t\n\x{0B}\f\r \x{A0}\x{FEFF}\x{2028}\x{2029}\p{Zs}`
	notSpaces  = `\x00-\x{08}\x{0E}-\x{1F}!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF}`
	everything = `\x00-\x{10FFFF}`
)

// lookarounds are the groups that package regexp lacks.
var lookarounds = [...]struct{ begin, name string }{
	{"(?=", "a lookahead"}, {"(?!", "a negative lookahead"}, {"(?<=", "a lookbehind"}, {"(?<!", "a negative lookbehind"},
}

// groupName is the beginning of a named group. No match is ever looked up by its
// name, and package regexp takes fewer names.
var groupName = lateRegexp{text: `^\(\?P?<[^>=!][^>]*>`}

// next translates one element.
func (t *translator) next() error {
	switch {
	case t.in[0] == '\\':
		return t.escape()
	case t.in[0] == '[':
		return t.class()
	case t.in[0] == '.':
		t.write(1, t.dot)
	case strings.HasPrefix(t.in, "(?"):
		for _, l := range lookarounds {
			if strings.HasPrefix(t.in, l.begin) {
				return errors.New(l.name)
			}
		}
		if name := groupName.get().FindString(t.in); name != "" {
			t.write(len(name), "(")
			break
		}
		t.write(2, "(?")
	default:
		_, size := utf8.DecodeRuneInString(t.in)
		t.write(size, t.in[:size])
	}
	return nil
}

// write reads n bytes, and writes text in their place.
func (t *translator) write(n int, text string) {
	t.in = t.in[n:]
	t.out.WriteString(text)
}

// escape translates a backslash and what belongs to it, outside of a class.
func (t *translator) escape() error {
	switch rest := t.in[1:]; {
	case strings.HasPrefix(rest, "s"):
		t.write(2, "["+spaces+"]")
	case strings.HasPrefix(rest, "S"):
		t.write(2, "[^"+spaces+"]")
	case rest != "" && strings.IndexByte("bBAz", rest[0]) >= 0:
		t.write(2, t.in[:2]) // the last two are Go's: nobody means the letters by them
	case rest != "" && rest[0] >= '1' && rest[0] <= '9', strings.HasPrefix(rest, "k<"):
		return errors.New("a backreference")
	default:
		text, n, err := escaped(t.in)
		if err != nil {
			return err
		}
		t.write(n, text)
	}
	return nil
}

// class translates a class in brackets.
func (t *translator) class() error {
	negated := strings.HasPrefix(t.in, "[^")
	t.in = strings.TrimPrefix(t.in[1:], "^")
	var items strings.Builder
	for !strings.HasPrefix(t.in, "]") {
		item, n, err := classItem(t.in)
		if err != nil {
			return err
		}
		items.WriteString(item)
		t.in = t.in[n:]
	}
	switch t.in = t.in[1:]; {
	case items.Len() == 0 && negated:
		t.out.WriteString("[" + everything + "]")
	case items.Len() == 0:
		t.out.WriteString("[^" + everything + "]")
	case negated:
		t.out.WriteString("[^" + items.String() + "]")
	default:
		t.out.WriteString("[" + items.String() + "]")
	}
	return nil
}

// classItem translates what the inside of a class begins with: a range, or a
// character, or a class of a letter.
func classItem(in string) (item string, n int, err error) {
	from, n, err := classAtom(in)
	if err != nil {
		return "", 0, err
	}
	rest := in[n:]
	if !strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "-]") || isClass(from) {
		return from, n, nil
	}
	to, m, err := classAtom(rest[1:])
	if err != nil || isClass(to) {
		return from, n, err // the hyphen then stands for itself
	}
	return from + "-" + to, n + 1 + m, nil
}

// isClass reports whether what [classAtom] returned stands for several characters.
func isClass(atom string) bool {
	return len(atom) > len(`\x{10FFFF}`) || len(atom) > 1 && strings.IndexByte("dDwWpP", atom[1]) >= 0
}

func classAtom(in string) (item string, n int, err error) {
	switch {
	case in == "":
		return "", 0, errors.New("a class without an end")
	case strings.HasPrefix(in, `\s`):
		return spaces, 2, nil
	case strings.HasPrefix(in, `\S`):
		return notSpaces, 2, nil
	case strings.HasPrefix(in, `\b`):
		return char('\b'), 2, nil
	case in[0] == '\\':
		return escaped(in)
	}
	r, size := utf8.DecodeRuneInString(in)
	return char(r), size, nil
}

// char writes a character so that it stands for itself anywhere.
func char(r rune) string { return fmt.Sprintf(`\x{%X}`, r) }

// Escapes of one character that is no letter, and those characters.
const (
	controls     = "tnvfr0"
	controlChars = "\t\n\v\f\r\x00"
)

var (
	hexEscape     = lateRegexp{text: `^\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|[ux]\{([0-9A-Fa-f]{1,6})\})`}
	surrogatePair = lateRegexp{text: `^\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}`}
	controlEscape = lateRegexp{text: `^\\c[A-Za-z]`}
	propertyClass = lateRegexp{text: `^\\[pP](?:[A-Z]|\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\})`}
)

// escaped translates an escape that means the same inside and outside of a class.
func escaped(in string) (text string, n int, err error) {
	if len(in) < 2 {
		return "", 0, errors.New("a backslash at its end")
	}
	if i := strings.IndexByte(controls, in[1]); i >= 0 {
		return char(rune(controlChars[i])), 2, nil
	}
	if strings.IndexByte("dDwW", in[1]) >= 0 {
		return in[:2], 2, nil
	}
	if pair := surrogatePair.get().FindString(in); pair != "" {
		r, size := escapedRune(pair)
		return char(r), size, nil
	}
	if m := hexEscape.get().FindStringSubmatch(in); m != nil {
		r, _ := strconv.ParseInt(m[1]+m[2]+m[3], 16, 32)
		return char(rune(r)), len(m[0]), nil
	}
	if m := controlEscape.get().FindString(in); m != "" {
		return char(rune(m[2] & 31)), len(m), nil
	}
	if m := propertyClass.get().FindStringSubmatch(in); m != nil {
		if m[1] == "" {
			return m[0], len(m[0]), nil
		}
		return in[:2] + "{" + m[1] + "}", len(m[0]), nil
	}
	r, size := utf8.DecodeRuneInString(in[1:])
	if r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
		return "", 0, fmt.Errorf("the escape \\%c", r)
	}
	return char(r), 1 + size, nil
}
