package changes

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// onlyTexts is the report where nothing differs that a program could see.
const onlyTexts = "The contract changed in texts, examples or their order only: nothing that a program sees.\n"

// document is where changes are that belong to no operation.
const document = "The document"

// change is one line of a report.
type change struct {
	where, text string
	breaks      breaks
}

// Contract reports what changed between two OpenAPI documents: what oasdiff finds,
// which the module at root pins, and what it does not look at, such as servers and
// additionalProperties. If oasdiff fails, the report lists all places that differ,
// and says so in Incomplete.
func Contract(ctx context.Context, root string, old, now []byte, format Format) (Report, error) {
	if bytes.Equal(old, now) {
		return Report{}, nil
	}
	differ, err := differences(old, now)
	if err != nil {
		return Report{}, err
	}
	sides, err := usages(old, now)
	if err != nil {
		return Report{}, err
	}
	if len(differ) == 0 {
		return Report{Text: onlyTexts}, nil
	}
	var report Report
	list, err := oasdiff(ctx, root, old, now)
	if ctx.Err() != nil {
		return Report{}, err
	}
	if err != nil {
		report.Incomplete = fmt.Sprintf("could not compare what requests and responses may hold: %v", err)
	}
	all := merged(list, differ, sides, err != nil)
	report.Breaking = slices.ContainsFunc(all, func(c change) bool { return c.breaks != "" })
	report.Text = rendered(all, format)
	return report, nil
}

// merged lists what oasdiff found, and the differences that it does not look at. If
// it failed, or found nothing of what differs, those that it should have found are
// listed, too.
func merged(list []found, differ []difference, sides map[string]usage, failed bool) (all []change) {
	for _, f := range list {
		all = append(all, change{f.where(), f.Text, f.verdict()})
	}
	silent := len(list) == 0
	for _, d := range differ {
		silent = silent && d.isCompared(sides)
	}
	for _, d := range differ {
		switch {
		case !d.isCompared(sides), silent && !failed:
			all = append(all, change{d.where(), d.String(), d.verdict(sides)})
		case failed:
			all = append(all, change{d.where(), d.String(), ""})
		}
	}
	return all
}

func (f found) where() string {
	if f.Path == "" {
		return document
	}
	return f.Operation + " " + f.Path
}

func (d difference) where() string {
	if len(d.at) > 2 && d.at[0] == "paths" && slices.Contains(methods, d.at[2]) {
		return strings.ToUpper(d.at[2]) + " " + d.at[1]
	}
	return document
}

// rendered writes the changes below the operations that they are of, the breaking
// ones first.
func rendered(all []change, format Format) string {
	slices.SortStableFunc(all, func(a, b change) int {
		if a.where == b.where {
			return rank(a) - rank(b)
		}
		return strings.Compare(a.where, b.where)
	})
	breaking := 0
	for _, c := range all {
		breaking += 1 - rank(c)
	}
	style := map[Format]struct{ title, head, mark string }{
		Text:     {"", "", ""},
		Markdown: {"## ", "### ", ":warning: "},
	}[format]
	var b strings.Builder
	fmt.Fprintf(&b, "%sThe contract: %s, %d breaking\n", style.title, count(len(all)), breaking)
	where := ""
	for _, c := range all {
		if c.where != where {
			where = c.where
			fmt.Fprintf(&b, "\n%s%s\n%s", style.head, where, strings.Repeat("\n", min(1, len(style.head))))
		}
		if c.breaks != "" {
			fmt.Fprintf(&b, "- %s%s: %s\n", style.mark, c.breaks, c.text)
			continue
		}
		fmt.Fprintf(&b, "- %s\n", c.text)
	}
	return b.String()
}

// rank sorts breaking changes first.
func rank(c change) int {
	if c.breaks != "" {
		return 0
	}
	return 1
}

func count(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}
