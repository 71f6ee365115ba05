package nested

import (
	"os"
	"strings"
	"testing"
)

func TestSkipped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		slow string
		race bool
		want string
	}{
		{"1", false, ""},
		{"", false, "as make test-more does"},
		{"1", true, "without -race"},
		{"", true, "as make test-more does"},
	}
	for _, tt := range tests {
		if got := skipped(tt.slow, tt.race); !strings.HasSuffix(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("skipped(%q, %t) = %q; want %q", tt.slow, tt.race, got, tt.want)
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
	if want := os.Getenv("SLOW_TESTS") != "" && !Race; ran != want || Slow() != want {
		t.Errorf("the test ran: %t, Slow() = %t; want %t", ran, Slow(), want)
	}
}
