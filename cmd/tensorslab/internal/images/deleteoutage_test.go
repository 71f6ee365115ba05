package images

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

// accounted returns the number of ids with each outcome. It checks that each id is in one
// line.
func accounted(t *testing.T, out string, ids []string) map[string]int {
	t.Helper()
	got := map[string]int{}
	var all []string
	for line := range strings.Lines(out) {
		var object struct {
			Type, Outcome string
			IDs           []string
		}
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, object.IDs...)
		if len(object.IDs) > 0 {
			got[object.Outcome] += len(object.IDs)
		}
	}
	slices.Sort(all)
	if diff := cmp.Diff(ids, all); diff != "" {
		t.Errorf("ids in the report (-want +got):\n%s", diff)
	}
	return got
}

// After an outage, or once the key is refused, every id is accounted for and left.
func TestDeleteStops(t *testing.T) {
	t.Parallel()
	ids := service.TaskIDs(40)
	for name, tt := range map[string]struct {
		status, exit int
		want         map[string]int
		text, err    string
	}{
		"outage": {http.StatusServiceUnavailable, cli.Later, map[string]int{"failed": 10, "not_sent": 30},
			"\nfailed: task_000010: HTTP 503: the service, or a gateway in front of it, failed; try again later; repeating it is safe\n" +
				"not sent: 30 ids (task_000011 … task_000040): the purge stopped before it sent them\n" +
				"40 image tasks: 0 deleted, 0 refused, 10 failed, 30 not sent, 0 unknown\n",
			"stopped because too many requests in a row failed: 40 of 40 tasks not confirmed deleted; "},
		"refused key": {http.StatusUnauthorized, cli.Auth, map[string]int{"refused": 1, "not_sent": 39},
			"\nnot sent: 39 ids (task_000002 … task_000040): the purge stopped before it sent them\n" +
				"40 image tasks: 0 deleted, 1 refused, 39 not sent, 0 unknown\n",
			"the service rejected the key (check it, or try --bare-key): 40 of 40 tasks not confirmed deleted; "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "left.txt")
			s := responding(t, tt.status, "{}")
			args := slices.Concat([]string{"images", "delete", "--remaining", path, "--batch-size", "1", "--concurrency", "1", "--retries", "0"}, ids)
			got := s.Run(append(args, "--output", "json")...)
			clitest.WantStatus(t, got, tt.exit)
			if diff := cmp.Diff(tt.want, accounted(t, got.Out, ids)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			clitest.WantText(t, "remaining", clitest.ReadFile(t, path), clitest.Lines(ids...))

			got = s.Run(args...)
			if !strings.Contains(got.Out, tt.text) || !strings.HasPrefix(got.Err, "tensorslab: "+tt.err) {
				t.Errorf("stdout\n%sstderr\n%s", got.Out, got.Err)
			}
		})
	}
}
