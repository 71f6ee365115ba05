package selection

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// Flags are those that select entries.
type Flags struct {
	States           []string
	Since, OlderThan string
}

// Register defines the flags.
func (f *Flags) Register(fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.States, "state", nil, "only tasks in this `STATE`, or in one of several: saved,failed")
	fs.StringVar(&f.OlderThan, "older-than", "", "only tasks whose state is older than this `AGE`: 720h, 30d, or a date")
	fs.StringVar(&f.Since, "since", "", "only tasks whose state is not older than this `AGE`: 24h, 7d, or a date")
}

// Names are the flags that Register defines.
var Names = []string{"state", "older-than", "since"}

// StateNames returns the names of all states, in their order.
func StateNames() []string {
	var names []string
	for s := batch.Planned; s <= batch.Deleted; s++ {
		names = append(names, s.String())
	}
	return names
}

// Selection says which entries are meant.
type Selection struct {
	states        []batch.State
	since, before time.Time // zero: no limit
}

// Parse reads the flags. Without --state the states are those given, or all if none are.
// An error is a usage error.
func (f *Flags) Parse(now time.Time, states ...batch.State) (Selection, error) {
	s := Selection{states: states}
	var names []string
	if len(f.States) > 0 {
		s.states, names = nil, strings.Split(strings.Join(f.States, ","), ",")
	}
	for _, name := range names {
		var state batch.State
		name = strings.ToLower(strings.TrimSpace(name))
		if state.UnmarshalText([]byte(name)) != nil {
			return s, cli.NotOneOf("state", name, "one or several of "+strings.Join(StateNames(), ", "), StateNames())
		}
		s.states = append(s.states, state)
	}
	for _, moment := range []struct {
		flag, text string
		to         *time.Time
	}{{"since", f.Since, &s.since}, {"older-than", f.OlderThan, &s.before}} {
		if moment.text == "" {
			continue
		}
		at, err := Moment(moment.text, now)
		if err != nil {
			return s, cli.Usagef("--%s %w%s%s", moment.flag, err, cli.But(moment.text), days(moment.text))
		}
		*moment.to = at
	}
	if !s.since.IsZero() && !s.before.IsZero() && !s.since.Before(s.before) {
		return s, cli.Usagef("nothing can be older than --older-than and not older than --since: --since must be the longer one")
	}
	return s, nil
}

// days returns what was probably meant by a number without a unit, to be put after an error.
func days(text string) string {
	if n, err := strconv.ParseUint(text, 10, 16); err == nil && n > 0 {
		return fmt.Sprintf("; did you mean %dd?", n)
	}
	return ""
}

// Has reports whether entries in this state can be selected.
func (s Selection) Has(state batch.State) bool {
	return len(s.states) == 0 || slices.Contains(s.states, state)
}

// Matches reports whether an entry is selected. The age is that of its state. One with a
// time in the future, after a clock was set back, is not older than anything.
func (s Selection) Matches(e batch.Entry) bool {
	return s.Has(e.State) && !e.Time.Before(s.since) && (s.before.IsZero() || e.Time.Before(s.before))
}

// String describes what is selected, such as "saved or failed, older than 2026-01-31 12:00".
// It is empty if everything is.
func (s Selection) String() string {
	var parts []string
	if len(s.states) > 0 {
		var names []string
		for _, state := range s.states {
			names = append(names, state.String())
		}
		parts = append(parts, strings.Join(names, " or "))
	}
	const minute = "2006-01-02 15:04"
	if !s.before.IsZero() {
		parts = append(parts, "older than "+s.before.Local().Format(minute))
	}
	if !s.since.IsZero() {
		parts = append(parts, "since "+s.since.Local().Format(minute))
	}
	return strings.Join(parts, ", ")
}
