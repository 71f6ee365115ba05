package codegen

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxDifferences is how many files the text of a [DriftError] names.
const maxDifferences = 5

// DriftError lists the generated files in the tree that differ from what is
// generated now.
type DriftError struct {
	// Differences has one entry for each file, in the order of their names.
	Differences []string
	folders     []string // that hold generated files
}

// Error returns one line that ends with the command that fixes it.
func (e *DriftError) Error() string {
	shown := e.Differences
	if more := len(shown) - maxDifferences; more > 0 {
		shown = append(slices.Clone(shown[:maxDifferences]), fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%s/ is not what the contract generates: %s; run: %s",
		strings.Join(e.folders, "/ or "), strings.Join(shown, "; "), Fix)
}

// Check is [Services.Check] of [All].
func Check(ctx context.Context, root string) error { return All.Check(ctx, root) }

// Check regenerates in a folder of its own, and compares every file with
// those of the module at root, which it does not change. It returns a
// [*DriftError] if they differ by a byte.
func (all Services) Check(ctx context.Context, root string) error {
	inputs, err := all.Load(root)
	if err != nil {
		return err
	}
	want, err := all.Generate(ctx, inputs)
	if err != nil {
		return err
	}
	return all.compare(root, want)
}

// Compare is the comparison of [Check] with files that were generated before: it
// returns a [*DriftError] if the output folders of the module at root hold others.
func Compare(root string, want Files) error { return All.compare(root, want) }

func (all Services) compare(root string, want Files) error {
	have, err := all.Output(root)
	if err != nil {
		return err
	}
	if differences := diff(have, want); len(differences) > 0 {
		return &DriftError{differences, all.folders("")}
	}
	return nil
}

// diff describes each file that is missing, not generated, or different.
func diff(have, want Files) []string {
	all := maps.Clone(have)
	maps.Copy(all, want)
	var found []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		old, had := have[name]
		now, wanted := want[name]
		switch {
		case !had:
			found = append(found, name+" is missing")
		case !wanted:
			found = append(found, name+" is not generated")
		case !bytes.Equal(old, now):
			found = append(found, name+" "+diffLine(old, now))
		}
	}
	return found
}

// diffLine describes the first line in which two different texts differ.
func diffLine(have, want []byte) string {
	old, now := bytes.SplitAfter(have, []byte("\n")), bytes.SplitAfter(want, []byte("\n"))
	n := 0
	for n < len(old) && n < len(now) && bytes.Equal(old[n], now[n]) {
		n++
	}
	from := 0
	if n < len(old) && n < len(now) {
		from = firstShown(old[n], now[n])
	}
	return fmt.Sprintf("line %d is %s, not %s", n+1, quoteLine(old, n, from), quoteLine(now, n, from))
}

// firstShown is where to begin quoting two lines, so that what differs is seen.
func firstShown(a, b []byte) int {
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	if same < maxLineText/2 {
		return 0
	}
	return same - maxLineText/4
}

func quoteLine(lines [][]byte, n, from int) string {
	if n >= len(lines) || len(lines[n]) == 0 {
		return "missing"
	}
	text := shorten(string(lines[n][from:]), maxLineText)
	if from > 0 {
		text = "…" + text
	}
	return strconv.Quote(text)
}
