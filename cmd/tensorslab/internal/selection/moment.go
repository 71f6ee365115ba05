// Package selection picks entries of a journal of tasks by their state and their age, as
// the flags of a command say.
package selection

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// forms are what a moment may look like, for the texts of errors.
const forms = "a duration such as 720h or 30d, or a date such as 2026-01-31"

var errForm = errors.New("must be " + forms)

// dates are the layouts of dates, in the local time zone unless they name one.
var dates = []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateTime, time.RFC3339}

// Moment returns the time that a flag names: a date, or how long ago it was. It is not in
// the future. The error is to be put after the name of the flag, and repeats nothing of
// the text.
func Moment(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range dates {
		at, err := time.ParseInLocation(layout, text, now.Location())
		switch {
		case err == nil && at.After(now):
			return at, errors.New("is in the future")
		case err == nil:
			return at, nil
		}
	}
	ago, err := age(text)
	if err != nil {
		return time.Time{}, err
	}
	return now.Add(-ago), nil
}

// longUnits matches the weeks and days at the beginning of a duration, which
// time.ParseDuration does not know. A day has 24 hours.
var longUnits = regexp.MustCompile(`^(?:(\d{1,9})w)?(?:(\d{1,9})d)?(.*)$`)

// maxAge is less than what a time.Duration holds. No journal is older.
const maxAge = 200 * 365 * 24 * time.Hour

func age(text string) (time.Duration, error) {
	parts := longUnits.FindStringSubmatch(text)
	if parts == nil || text == "" {
		return 0, errForm
	}
	const day = 24 * time.Hour
	var days int64
	for i, length := range []int64{7, 1} {
		n, _ := strconv.ParseInt("0"+parts[i+1], 10, 64) // the pattern leaves nothing else
		days += n * length
	}
	var rest time.Duration
	if parts[3] != "" {
		var err error
		if rest, err = time.ParseDuration(parts[3]); err != nil {
			return 0, errForm
		}
	}
	switch {
	case days > int64(maxAge/day) || rest > maxAge:
		return 0, errors.New("is longer than 200 years")
	case rest < 0 || days == 0 && rest == 0:
		return 0, errors.New("must be above 0")
	}
	return time.Duration(days)*day + rest, nil
}
