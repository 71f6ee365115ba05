// Package prompts reads files of prompts: plain text, CSV or JSON lines.
package prompts

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLine is the largest size of a line, or of a record of a CSV file. It is far above
// that of any prompt, and protects memory from a wrong file.
const MaxLine = 1 << 20

// Row is one request of a file. What the file does not say is zero or nil.
type Row struct {
	Line                                int // from 1
	Key                                 string
	Model, Prompt, Resolution, ImageURL string
	Count, Seed                         *int
	ExtendPrompt                        *bool
	Sources                             []string // names of files
}

// A Format is how a file is written.
type Format string

// The formats. Text has a prompt per line.
const (
	Text  Format = "text"
	CSV   Format = "csv"
	JSONL Format = "jsonl"
)

// Formats are the values of a flag for the format.
var Formats = []string{string(Text), string(CSV), string(JSONL)}

// FormatOf returns the format that the name of a file, and then its beginning, suggests.
func FormatOf(name string, beginning []byte) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return CSV
	case ".jsonl", ".ndjson", ".json":
		return JSONL
	case "":
		if bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(beginning, bom)), []byte("{")) {
			return JSONL
		}
	}
	return Text
}

var bom = []byte("\ufeff")

// LineError is a line that is no request. The lines after it are read all the same.
type LineError struct {
	Line   int
	Reason string
}

// Error names the line.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Read yields the requests of a file, in bounded memory. After an error that is not a
// [LineError] it ends.
func Read(r io.Reader, format Format) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in := bufio.NewReader(r)
		begin, _ := in.Peek(len(bom)) // an error comes again
		switch {
		case bytes.HasPrefix(begin, bom):
			_, _ = in.Discard(len(bom))
		case bytes.HasPrefix(begin, []byte("\xff\xfe")), bytes.HasPrefix(begin, []byte("\xfe\xff")):
			yield(Row{}, errors.New("it is UTF-16; save it as UTF-8"))
			return
		}
		var read func(*bufio.Reader, func(Row, error) bool)
		switch format {
		case CSV:
			read = readCSV
		case JSONL:
			read = readJSONL
		default:
			read = readText
		}
		read(in, func(row Row, err error) bool {
			if err == nil {
				err = row.check()
			}
			return yield(row, err)
		})
	}
}

// check refuses what cannot be meant, whatever the format. The library checks the rest.
func (r *Row) check() error {
	var reason string
	switch {
	case strings.TrimSpace(r.Prompt) == "":
		reason = "the prompt is blank"
	case strings.HasPrefix(r.Prompt, "@"):
		reason = "a prompt that begins with @ is not the name of a file; if it is the text itself, put a space before it"
	case strings.ContainsFunc(r.Prompt, func(c rune) bool { return unicode.IsControl(c) && !unicode.IsSpace(c) }):
		reason = "the prompt has a control character; this may be no text file"
	case r.Count != nil && *r.Count < 1:
		reason = "count is not above 0"
	case strings.ContainsRune(strings.Join(append(slices.Clip(r.Sources), r.Key, r.Model, r.Prompt, r.Resolution, r.ImageURL), ""), utf8.RuneError):
		reason = `it has the character U+FFFD, which stands for one that was lost, such as half of a surrogate pair ("\ud83e" alone)`
	default:
		return nil
	}
	return &LineError{r.Line, reason}
}

// noFeed is the reason why a line is refused that has a carriage return inside: where that alone
// ends the lines of a file, all of them would be one prompt.
const noFeed = "it has a carriage return without a line feed; save the file with line feeds at the ends of lines"

// lines yields the lines of a file without their line breaks, those that are blank left
// out.
func lines(in *bufio.Reader, yield func(number int, line []byte, err error) bool) {
	in = bufio.NewReaderSize(in, MaxLine+2)
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			yield(number, nil, fmt.Errorf("line %d is longer than 1 MiB", number))
			return
		case err != nil && !errors.Is(err, io.EOF):
			yield(number, nil, fmt.Errorf("after line %d: %w", number-1, err))
			return
		}
		last := err != nil
		line = bytes.TrimRight(line, "\r\n")
		if len(bytes.TrimSpace(line)) > 0 {
			var invalid error
			switch {
			case !utf8.Valid(line):
				invalid = &LineError{number, "it is not UTF-8 text"}
			case bytes.ContainsRune(line, '\r'):
				invalid = &LineError{number, noFeed}
			}
			if !yield(number, line, invalid) {
				return
			}
		}
		if last {
			return
		}
	}
}

func readText(in *bufio.Reader, yield func(Row, error) bool) {
	first := true
	lines(in, func(number int, line []byte, err error) bool {
		text := strings.TrimSpace(string(line))
		reason := ""
		switch {
		case err != nil:
			return yield(Row{Line: number}, err)
		case text[0] == '#':
			return true
		case isObject(line):
			reason = "it is JSON and not a prompt; name the file .jsonl, or pass --format jsonl"
		case first && isHeading(text):
			reason = "it is the heading of a table; name the file .csv, or pass --format csv"
		}
		first = false
		if reason != "" {
			return yield(Row{Line: number}, &LineError{number, reason})
		}
		return yield(Row{Line: number, Prompt: text}, nil)
	})
}

// isHeading reports whether a line of text names two columns or more, and nothing else.
func isHeading(line string) bool {
	names := strings.FieldsFunc(line, func(c rune) bool { return c == ',' || c == ';' || c == '\t' })
	for _, name := range names {
		if _, ok := columns[columnName(name)]; !ok {
			return false
		}
	}
	return len(names) > 1
}
