package contract

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// cursor reads JSON that nobody has looked at, and allocates nothing. It takes the
// common notation of each value only.
type cursor struct {
	body []byte
	i    int
}

// next skips white space, and returns the byte it stops at or, at the end, 0.
func (c *cursor) next() byte {
	for ; c.i < len(c.body); c.i++ {
		if b := c.body[c.i]; b > ' ' || b != ' ' && b != '\n' && b != '\t' && b != '\r' {
			return b
		}
	}
	return 0
}

// takes skips white space and a character after it, if it is there.
func (c *cursor) takes(char byte) bool {
	c.next()
	return c.is(char)
}

// is skips a character, if it is there.
func (c *cursor) is(char byte) bool {
	if c.i == len(c.body) || c.body[c.i] != char {
		return false
	}
	c.i++
	return true
}

// word skips a word, if it is there.
func (c *cursor) word(word string) bool {
	if !bytes.HasPrefix(c.body[c.i:], []byte(word)) {
		return false
	}
	c.i += len(word)
	return true
}

// key reads a key without escapes, and the colon after it.
func (c *cursor) key() (key []byte, ok bool) {
	if !c.takes('"') {
		return nil, false
	}
	start := c.i
	c.i = plainEnd(c.body, start)
	key = c.body[start:c.i]
	return key, c.is('"') && c.takes(':')
}

// text skips a string, of which the cursor is at the quote. Without reading any
// further, it reports false for an escape of half a surrogate pair, even if the other
// half follows.
func (c *cursor) text() bool {
	for c.i = plainEnd(c.body, c.i+1); c.i+1 < len(c.body) && c.body[c.i] == '\\'; c.i = plainEnd(c.body, c.i) {
		if strings.IndexByte(`"\/bfnrt`, c.body[c.i+1]) >= 0 {
			c.i += 2
		} else if char, ok := hexRune(string(c.body[c.i:min(c.i+escapeSize, len(c.body))])); ok && utf8.ValidRune(char) {
			c.i += escapeSize
		} else {
			return false
		}
	}
	return c.is('"')
}

// digits skips digits, and returns how many.
func (c *cursor) digits() int {
	start := c.i
	for c.i < len(c.body) && c.body[c.i]-'0' <= 9 {
		c.i++
	}
	return c.i - start
}
