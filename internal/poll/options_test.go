package poll

import (
	"testing"
	"time"
)

func TestOptionsDefaults(t *testing.T) {
	t.Parallel()
	defaults := Options{Interval: 2, MaxInterval: 15, Timeout: time.Minute}
	for name, tt := range map[string]struct{ in, want Options }{
		"zero":                      {Options{}, defaults},
		"all set":                   {Options{Interval: 3, MaxInterval: 4, Timeout: 5}, Options{Interval: 3, MaxInterval: 4, Timeout: 5}},
		"a long Interval alone":     {Options{Interval: 20}, Options{Interval: 20, MaxInterval: 20, Timeout: time.Minute}},
		"a short MaxInterval alone": {Options{MaxInterval: 1}, Options{Interval: 1, MaxInterval: 1, Timeout: time.Minute}},
	} {
		if got, err := tt.in.WithDefaults(defaults); got != tt.want || err != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, o := range map[string]Options{
		"Interval": {Interval: -1}, "MaxInterval": {MaxInterval: -1}, "Timeout": {Timeout: -1}, "Interval over MaxInterval": {Interval: 2, MaxInterval: 1},
	} {
		if _, err := o.WithDefaults(defaults); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
