package fakeapi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// passageBuffer makes few reads of a large body.
const passageBuffer = 64 << 10

// maxBoundary is the limit of RFC 2046, section 5.1.1, in bytes.
const maxBoundary = 70

// passage watches a multipart body as the parser reads it. The parser reads
// ahead, and so cannot report whether anything follows the form.
type passage struct {
	body  io.Reader
	limit int // of kept
	kept  []byte
	end   closingLine
	err   error // why the body could not be read to its end
}

func newPassage(body io.Reader, boundary string, limit int) *passage {
	return &passage{body: bufio.NewReaderSize(body, passageBuffer), limit: limit, end: newClosingLine(boundary)}
}

func (p *passage) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	p.kept = append(p.kept, b[:min(n, p.limit-len(p.kept))]...)
	p.end.watch(b[:n])
	if err != nil && !errors.Is(err, io.EOF) {
		p.err = err
	}
	return n, err
}

// closingLine finds the line that closes a form, and whether more follows it.
type closingLine struct {
	line   []byte
	window []byte // the end of what was read before, and what was read now
	found  bool
	more   bool // than white space follows
}

// newClosingLine begins as if a line break came before the body. No form with a
// longer boundary is read.
func newClosingLine(boundary string) closingLine {
	boundary = boundary[:min(len(boundary), maxBoundary)]
	return closingLine{line: []byte("\n--" + boundary + "--"), window: []byte("\n")}
}

func (c *closingLine) watch(b []byte) {
	if !c.found {
		c.window = append(c.window, b...)
		at := bytes.Index(c.window, c.line)
		if at < 0 {
			// The line may have begun.
			keep := min(len(c.window), len(c.line)-1)
			c.window = append(c.window[:0], c.window[len(c.window)-keep:]...)
			return
		}
		c.found = true
		b = c.window[at+len(c.line):]
	}
	c.more = c.more || len(bytes.Trim(b, " \t\r\n")) > 0
}
