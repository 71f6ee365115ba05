package batch

import (
	"errors"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A name that no file system takes is refused before anything is paid for, and one
// that is as long as allowed is written.
func TestNamesThatAreTooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 230)
	for _, tt := range []struct {
		template, key string
		count         int
		ok            bool
	}{
		{"{key}-{n}{ext}", strings.Repeat("k", 512), 1, true},
		{strings.Repeat("x", 200) + "{key}-{n}{ext}", "k", 2, true},
		{long + "{key}-{n}{ext}", strings.Repeat("k", 100), 1, false},
		{long + "{task}-{n}{ext}", "k", 1, false},
		{strings.Repeat("x", 260) + "/{key}{ext}", "k", 1, false},
		{strings.Repeat("狐", 85) + "{key}{ext}", "k", 1, false},
		{strings.Repeat("d/", 100) + "{key}{ext}", "k", 1, true},
	} {
		srv, c := start(t)
		jobs := []Job{{Key: tt.key, Request: wrapper.GenerateRequest{Prompt: "a fox", Count: tt.count}}}
		opts := Options{Wait: soon, Save: ToDir(t.TempDir(), tt.template)}
		j := newJournal(t)
		for _, r := range previewed(t, c, j, Jobs(jobs...), opts) {
			if errors.Is(r.Err, ErrTemplate) == tt.ok {
				t.Errorf("%.20s: preview %+v", tt.template, r)
			}
		}
		o := collect(t.Context(), t, c, j, Jobs(jobs...), opts)
		r := o.results[tt.key]
		if o.err != nil || tt.ok != (r.State == Saved) || !tt.ok && (!errors.Is(r.Err, ErrTemplate) || len(srv.Requests()) > 0) {
			t.Errorf("%.20s: %+v, %d requests", tt.template, o, len(srv.Requests()))
		}
	}
}
