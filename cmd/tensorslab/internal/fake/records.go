package fake

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// welcomeRecord says where a fake is, and how to use it.
type welcomeRecord struct {
	url, images, key string // an empty key stands for any
	tasks            []string
}

func (f *flags) welcome(fake *fakeapi.Server) welcomeRecord {
	return welcomeRecord{fake.URL, fake.ImageHost().URL, f.key, service.TaskIDs(f.tasks)}
}

// anyKey is a key for a fake that accepts any.
const anyKey = "any-key"

func (r welcomeRecord) Text() string {
	const shown = 3
	var b strings.Builder
	accepted := "(any key is accepted)"
	if r.key != "" {
		accepted = "(no other key is accepted)"
	}
	fmt.Fprintf(&b, "Fake Images Service on %s\nTo use it %s:\n", r.url, accepted)
	fmt.Fprintf(&b, "  export %s=%s\n  export %s=%s\n", wrapper.EnvBaseURL, r.url, wrapper.EnvAPIKey, cli.ShellQuote(cmp.Or(r.key, anyKey)))
	fmt.Fprintf(&b, "It holds %s", cli.Count(len(r.tasks), "task"))
	if len(r.tasks) > 0 {
		b.WriteString(": " + strings.Join(r.tasks[:min(len(r.tasks), shown)], ", "))
	}
	if len(r.tasks) > shown {
		b.WriteString(" … " + r.tasks[len(r.tasks)-1])
	}
	fmt.Fprintf(&b, "\nImages are on %s\nPress Ctrl-C to stop.", r.images)
	return b.String()
}

// welcomeObject is the record in JSON. The help of the command documents the fields.
type welcomeObject struct {
	Type      string `json:"type"`
	URL       string `json:"url"`
	ImagesURL string `json:"images_url"`
	Key       string `json:"key"`
	Tasks     int    `json:"tasks"`
	PID       int    `json:"pid"`
}

func (r welcomeRecord) Objects(yield func(any) bool) {
	yield(welcomeObject{"fake", r.url, r.images, cmp.Or(r.key, anyKey), len(r.tasks), os.Getpid()})
}

// summaryRecord says what a fake has received, and what it holds at the end.
type summaryRecord struct {
	tally          fakeapi.Tally
	tasks, credits int // -1 credits: no limit
}

func summaryOf(fake *fakeapi.Server) summaryRecord {
	return summaryRecord{fake.Tally(), len(fake.Tasks()), fake.Credits()}
}

// other is what requests are called that have no operation of the contract.
const other = "other"

func (r summaryRecord) Text() string {
	total, calls := 0, []string{}
	for _, name := range slices.Sorted(maps.Keys(r.tally.Calls)) {
		total += r.tally.Calls[name]
		calls = append(calls, fmt.Sprintf("%d %s", r.tally.Calls[name], cmp.Or(name, other)))
	}
	text := "Stopped after " + cli.Count(total, "request")
	if total > 0 {
		text += fmt.Sprintf(" (%s), of which %d violated the contract", strings.Join(calls, ", "), r.tally.Breaches)
	}
	text += fmt.Sprintf("; %s generated, %d left", cli.Count(r.tally.Tasks, "task"), r.tasks)
	if r.credits >= 0 {
		text += fmt.Sprintf("; %s left", cli.Count(r.credits, "credit"))
	}
	return text + "."
}

// summaryObject is the record in JSON. The help of the command documents the fields.
type summaryObject struct {
	Type       string         `json:"type"`
	Requests   map[string]int `json:"requests"`
	Violations int            `json:"violations"`
	Generated  int            `json:"generated"`
	Tasks      int            `json:"tasks"`
	Credits    *int           `json:"credits,omitempty"`
}

func (r summaryRecord) Objects(yield func(any) bool) {
	object := summaryObject{"summary", map[string]int{}, r.tally.Breaches, r.tally.Tasks, r.tasks, nil}
	for name, n := range r.tally.Calls {
		object.Requests[cmp.Or(name, other)] = n
	}
	if r.credits >= 0 {
		object.Credits = &r.credits
	}
	yield(object)
}
