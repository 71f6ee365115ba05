package nested

import (
	"strings"
	"testing"
)

func TestSkipped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		short, race bool
		want        string
	}{
		{false, false, ""},
		{true, false, "without -short"},
		{false, true, "without -race"},
		{true, true, "without -short"},
	}
	for _, tt := range tests {
		if got := skipped(tt.short, tt.race); !strings.HasSuffix(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("skipped(%t, %t) = %q; want %q", tt.short, tt.race, got, tt.want)
		}
	}
}

func TestNeed(t *testing.T) {
	t.Parallel()
	ran := false
	t.Run("nested", func(t *testing.T) {
		Need(t)
		ran = true
	})
	if want := !testing.Short() && !Race; ran != want {
		t.Errorf("the test ran: %t; want %t", ran, want)
	}
}
