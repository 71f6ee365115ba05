package main

import (
	"fmt"
	"io"
)

// textReport writes a line for each batch that failed, and the summary.
type textReport struct{ out io.Writer }

func (r *textReport) note(text string) error {
	_, err := fmt.Fprintln(r.out, text)
	return err
}

func (r *textReport) batch(ids []string, o outcome, err error) error {
	if err == nil {
		return nil
	}
	return r.line(ids, o, plain(err))
}

func (r *textReport) unsent(ids []string, reason string) error { return r.line(ids, notSent, reason) }

func (r *textReport) line(ids []string, o outcome, reason string) error {
	_, err := fmt.Fprintf(r.out, "%s: %s: %s\n", o.words(), named(ids), reason)
	return err
}

// named says which ids, in few words.
func named(ids []string) string {
	switch len(ids) {
	case 0:
		return "0 ids"
	case 1:
		return ids[0]
	}
	return fmt.Sprintf("%d ids (%s … %s)", len(ids), ids[0], ids[len(ids)-1])
}

func (r *textReport) summary(s summary) error {
	text := fmt.Sprintf("%s: %d deleted, %d refused, %d not sent, %d unknown",
		count(s.total, "image task"), s.deleted, s.refused, s.notSent, s.unknown)
	if s.repeats > 0 {
		text += fmt.Sprintf(" (%s dropped)", count(s.repeats, "repeat"))
	}
	if s.remaining != "" {
		text += fmt.Sprintf("\n%s left in %s", count(s.left(), "id"), s.remaining)
	}
	return r.note(text)
}

func (r *textReport) plan(p plan) error {
	text := fmt.Sprintf("dry run: would delete %s in %s of up to %d",
		count(p.total, "image task"), count(p.batches, "batch"), p.batchSize)
	if p.repeats > 0 {
		text += fmt.Sprintf(" (%s dropped)", count(p.repeats, "repeat"))
	}
	return r.note(text + "; nothing was sent")
}
