package purge

import "testing"

func TestOptionsDefaults(t *testing.T) {
	t.Parallel()
	defaults := Options{BatchSize: 100, Concurrency: 4, StopAfter: 10}
	for _, tt := range []struct{ in, want [3]int }{
		{[3]int{}, [3]int{100, 4, 10}},
		{[3]int{1, 2, 3}, [3]int{1, 2, 3}},
	} {
		o, err := Options{BatchSize: tt.in[0], Concurrency: tt.in[1], StopAfter: tt.in[2], Isolate: true}.WithDefaults(defaults)
		if got := [3]int{o.BatchSize, o.Concurrency, o.StopAfter}; got != tt.want || !o.Isolate || err != nil {
			t.Errorf("%v: %+v, %v", tt.in, o, err)
		}
	}
	for want, o := range map[string]Options{
		"the BatchSize is negative": {BatchSize: -1}, "the Concurrency is negative": {Concurrency: -1},
		"the StopAfter is negative; use math.MaxInt for no limit": {StopAfter: -1},
	} {
		if _, err := o.WithDefaults(defaults); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
