package selection

import (
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 31, 12, 0, 0, 0, time.FixedZone("there", 2*3600))

func TestMoment(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"720h": "2026-03-01T12:00:00+02:00", "30d": "2026-03-01T12:00:00+02:00", "2w": "2026-03-17T12:00:00+02:00", "1w2d3h": "2026-03-22T09:00:00+02:00",
		"1d30m": "2026-03-30T11:30:00+02:00", "1.5h": "2026-03-31T10:30:00+02:00", " 1h ": "2026-03-31T11:00:00+02:00", "1s": "2026-03-31T11:59:59+02:00",
		"2026-01-31": "2026-01-31T00:00:00+02:00", "2026-01-31T15:04": "2026-01-31T15:04:00+02:00", "2026-01-31 15:04": "2026-01-31T15:04:00+02:00",
		"2026-01-31T15:04:05": "2026-01-31T15:04:05+02:00", "2026-01-31 15:04:05": "2026-01-31T15:04:05+02:00",
		"2026-01-31T15:04:05Z": "2026-01-31T15:04:05Z", "2026-03-31": "2026-03-31T00:00:00+02:00", "0d1h": "2026-03-31T11:00:00+02:00",
	} {
		got, err := Moment(text, now)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v, want %s", text, got.Format(time.RFC3339), err, want)
		}
	}
}

func TestMomentRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": forms, "30": forms, "d": forms, "30 d": forms, "30D": forms, "1d1w": forms, "yesterday": forms, "2026-02-30": forms, "31.1.2026": forms, "1y": forms,
		"1d-": forms, "1e3h": forms, "tl-secret": forms,
		"0": "above 0", "0h": "above 0", "0d": "above 0", "-1h": "above 0", "1d-1h": "above 0", "-30d": forms,
		"2026-04-01": "in the future", "2026-03-31T15:00:00Z": "in the future",
		"999999999d": "longer than 200 years", "999999999w": "longer than 200 years", "2000000h": "longer than 200 years", "9999999999999h": forms,
	} {
		at, err := Moment(text, now)
		if err == nil || !strings.Contains(err.Error(), want) || text != "" && strings.Contains(err.Error(), text) && len(text) > 3 {
			t.Errorf("%q: %v, %v, want %s", text, at, err, want)
		}
	}
}

// No text makes it panic, or lead into the future.
func FuzzMoment(f *testing.F) {
	for _, seed := range []string{"30d", "1w", "720h", "2026-01-31", "999999999w999999999d9999h", "0", "-1h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := Moment(text, now); err == nil && at.After(now) {
			t.Errorf("%q is %v", text, at)
		}
	})
}
