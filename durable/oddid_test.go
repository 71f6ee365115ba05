package durable

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
)

// An id that a column can't hold is not lost: the log has all of it, and the row as much as fits.
func TestAnIdThatCannotBeAColumn(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{
		"a zero byte": strings.Repeat("i", 300) + "\x00end",
		"long":        strings.Repeat("i", maxTaskID) + "end",
		"very long":   strings.Repeat("i", 100_000) + "end",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, log := submitWithID(t, id)
			if e.State != batch.InDoubt || e.TaskID != "" || !strings.Contains(e.Error, strings.Repeat("i", 300)) {
				t.Errorf("%+v", e)
			}
			if quoted := fmt.Sprintf("%q", id); !strings.Contains(log, quoted[1:len(quoted)-1]) {
				t.Errorf("the log does not have the id: %.2000s", log)
			}
		})
	}
}

// An id that holds the key comes neither into the tables nor into the log.
func TestAnIdThatHoldsTheKey(t *testing.T) {
	t.Parallel()
	for _, id := range []string{testKey, "Bearer " + testKey, testKey + "\x00", strings.Repeat("i", maxTaskID) + testKey} {
		e, log := submitWithID(t, id)
		if e.State != batch.InDoubt || e.TaskID != "" || !strings.Contains(e.Error, "holds the API key") || strings.Contains(log, testKey) {
			t.Errorf("%+v\n%s", e, log)
		}
	}
}

// submitWithID submits a job for which the service names a task, and returns its entry and the log.
func submitWithID(t *testing.T, id string) (e batch.Entry, logged string) {
	t.Helper()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a")
	text, err := json.Marshal(id)
	if err != nil {
		t.Fatal(err)
	}
	srv.FailNextOn("seeDreamV45", 1, inJSON(200, `{"code":1000,"msg":"OK","data":{"taskid":`+string(text)+`,"url":""}}`))
	var log syncedLog
	opts := soon()
	opts.Logger = slog.New(slog.NewJSONHandler(&log, nil))
	opts.OnChange = func(r batch.Result) {
		if strings.Contains(r.TaskID+fmt.Sprint(r.Err), testKey) {
			t.Errorf("OnChange gets %+v", r)
		}
	}
	if err := submitOnce(t, workersOf(t, s, c, opts), "a"); err != nil {
		t.Error(err)
	}
	leaks(t, s)
	var line struct{ Task string }
	if first, _, _ := strings.Cut(log.String(), "\n"); json.Unmarshal([]byte(first), &line) == nil && line.Task != "" {
		return entryOf(t, s, "a"), line.Task + log.String()
	}
	return entryOf(t, s, "a"), log.String()
}
