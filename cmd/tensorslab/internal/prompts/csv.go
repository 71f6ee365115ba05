package prompts

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// readCSV reads a table whose first record names the columns.
func readCSV(in *bufio.Reader, yield func(Row, error) bool) {
	limit := &limitedReader{r: in}
	table := csv.NewReader(limit)
	table.ReuseRecord = true
	var heading []string
	for {
		limit.left = MaxLine
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			more, err := recordError(err, len(record), len(heading))
			if !yield(Row{}, err) || !more {
				return
			}
			continue
		}
		line, _ := table.FieldPos(0)
		if heading == nil {
			heading = make([]string, len(record))
			if reason := readHeading(record, heading); reason != "" {
				yield(Row{}, fmt.Errorf("line %d: %s", line, reason))
				return
			}
			continue
		}
		row, err := rowOf(line, heading, record)
		if !yield(row, err) {
			return
		}
	}
}

// recordError reports whether the records after one with an error can be read, and words
// the error.
func recordError(err error, fields, columns int) (more bool, worded error) {
	var wrong *csv.ParseError
	switch {
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &wrong):
		return true, &LineError{wrong.Line, fmt.Sprintf("it has %d fields, and the heading has %d; a prompt with a comma has to be in quotes", fields, columns)}
	case errors.Is(err, csv.ErrQuote) && errors.As(err, &wrong):
		return false, fmt.Errorf("line %d: a quotation mark is not closed, or one inside the quotes is not doubled (the record begins in line %d)", wrong.Line, wrong.StartLine)
	case errors.Is(err, csv.ErrBareQuote) && errors.As(err, &wrong):
		return false, fmt.Errorf("line %d: a quotation mark is in a field without quotes; put the field in quotes, and double the mark", wrong.Line)
	case errors.As(err, &wrong):
		return false, fmt.Errorf("line %d: %w (a record that began in line %d)", wrong.Line, wrong.Err, wrong.StartLine)
	}
	return false, err
}

// readHeading puts the names of the columns into heading, or returns why they cannot be
// used.
func readHeading(record, heading []string) (reason string) {
	seen := map[string]bool{}
	if !slices.ContainsFunc(record, isKnown) && !strings.ContainsAny(strings.Join(record, ""), ";\t") {
		return unknownColumn(record[0]) + "; the first line must name the columns, such as prompt"
	}
	for i, name := range record {
		heading[i] = columnName(name)
		if _, ok := columns[heading[i]]; !ok {
			reason = unknownColumn(name)
			if strings.ContainsAny(name, ";\t") {
				reason += "; separate columns with commas"
			}
			return reason
		}
		if seen[heading[i]] {
			return fmt.Sprintf("the column %q is there twice", heading[i])
		}
		seen[heading[i]] = true
	}
	if !seen["prompt"] {
		return `the first line has to name the columns, and there is no column "prompt"`
	}
	return ""
}

func rowOf(line int, heading, record []string) (Row, error) {
	row := Row{Line: line}
	for i, text := range record {
		if !utf8.ValidString(text) {
			return row, &LineError{line, fieldName(heading[i]) + " is not UTF-8 text"}
		}
		if strings.ContainsRune(text, '\r') { // the reader has taken those before line feeds out
			return row, &LineError{line, fieldName(heading[i]) + ": " + noFeed}
		}
		if heading[i] != "prompt" { // whose white space may be meant
			text = strings.TrimSpace(text)
		}
		if text == "" {
			continue
		}
		if err := columns[heading[i]](&row, strings.Clone(text)); err != nil {
			return row, &LineError{line, fieldName(heading[i]) + " " + err.Error()}
		}
	}
	return row, nil
}

// limitedReader fails if a record takes more than left bytes. A quotation mark that is not
// closed would otherwise take in the rest of the file.
type limitedReader struct {
	r    io.Reader
	left int
}

var errLongRecord = errors.New("a record is longer than 1 MiB; a quotation mark may not be closed")

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLongRecord
	}
	n, err := l.r.Read(p[:min(len(p), 4<<10)])
	l.left -= n
	return n, err
}
