package selection

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
)

func parsed(t *testing.T, args ...string) (Selection, error) {
	t.Helper()
	var f Flags
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f.Parse(now, batch.Saved, batch.Failed)
}

func TestMatches(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	for name, tt := range map[string]struct {
		args []string
		e    batch.Entry
		want bool
	}{
		"a default state":         {nil, batch.Entry{State: batch.Failed, Time: hour(-9)}, true},
		"another state":           {nil, batch.Entry{State: batch.InDoubt, Time: hour(-9)}, false},
		"the state":               {[]string{"--state", "in-doubt"}, batch.Entry{State: batch.InDoubt}, true},
		"one of several":          {[]string{"--state", "in-doubt,deleted"}, batch.Entry{State: batch.Deleted}, true},
		"named twice":             {[]string{"--state", "In-Doubt", "--state=deleted"}, batch.Entry{State: batch.InDoubt}, true},
		"none of several":         {[]string{"--state", "in-doubt,deleted"}, batch.Entry{State: batch.Saved}, false},
		"older":                   {[]string{"--older-than", "2h"}, batch.Entry{State: batch.Saved, Time: hour(-3)}, true},
		"as old":                  {[]string{"--older-than", "2h"}, batch.Entry{State: batch.Saved, Time: hour(-2)}, false},
		"younger":                 {[]string{"--older-than", "2h"}, batch.Entry{State: batch.Saved, Time: hour(-1)}, false},
		"in the future":           {[]string{"--older-than", "2h"}, batch.Entry{State: batch.Saved, Time: hour(9000)}, false},
		"since, older":            {[]string{"--since", "2h"}, batch.Entry{State: batch.Saved, Time: hour(-3)}, false},
		"since, as old":           {[]string{"--since", "2h"}, batch.Entry{State: batch.Saved, Time: hour(-2)}, true},
		"since, in the future":    {[]string{"--since", "2h"}, batch.Entry{State: batch.Saved, Time: hour(9000)}, true},
		"between":                 {[]string{"--since", "3h", "--older-than", "1h"}, batch.Entry{State: batch.Saved, Time: hour(-2)}, true},
		"in another zone":         {[]string{"--older-than", "2h"}, batch.Entry{State: batch.Saved, Time: hour(-3).UTC()}, true},
		"before the clock exists": {[]string{"--older-than", "2h"}, batch.Entry{State: batch.Saved, Time: time.Time{}}, true},
	} {
		s, err := parsed(t, tt.args...)
		if err != nil || s.Matches(tt.e) != tt.want {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--state must be one or several of planned, submitting, ":           {"--state", "tl-secret"},
		"--state must be one or several of planned,":                        {"--state", "saved,,failed"},
		"--state must be one or several of planned, submitting, submitted,": {"--state="},
		"--since must be a duration":                                        {"--since", "30"},
		"--older-than must be a duration":                                   {"--older-than", "old"},
		"--older-than must be above 0":                                      {"--older-than", "0h"},
		"nothing can be older than --older-than":                            {"--since", "1h", "--older-than", "2h"},
	} {
		_, err := parsed(t, args...)
		if err == nil || cli.StatusOf(err) != cli.Usage || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.Local)
	for want, s := range map[string]Selection{
		"":                {},
		"saved or failed": {states: []batch.State{batch.Saved, batch.Failed}},
		"saved, older than 2026-01-31 12:00, since 2026-01-31 12:00": {[]batch.State{batch.Saved}, at, at},
	} {
		if got := s.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestStateNames(t *testing.T) {
	t.Parallel()
	names := StateNames()
	if len(names) != 9 || names[0] != "planned" || !slices.Contains(names, "in-doubt") || names[8] != "deleted" {
		t.Error(names)
	}
}

// All flags are in Names, so that no command forgets one.
func TestNames(t *testing.T) {
	t.Parallel()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	new(Flags).Register(fs)
	fs.VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(Names, f.Name) {
			t.Error(f.Name)
		}
	})
}
