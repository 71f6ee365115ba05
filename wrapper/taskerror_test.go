package wrapper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// However they are printed, both are one short line without the task's id.
func TestTaskErrorsArePrintedInOneLine(t *testing.T) {
	t.Parallel()
	const id = "abcd_secret"
	long := errors.New("first\nsecond " + strings.Repeat("\x1b", 2000))
	for name, err := range map[string]error{
		"failed":         &TaskFailedError{TaskID: id, Message: long.Error(), Info: &generated.ImageInfoData{TaskID: id}},
		"failed, silent": &TaskFailedError{TaskID: id},
		"wait":           &WaitError{TaskID: id, Status: 1, Elapsed: time.Hour, Err: fmt.Errorf("%w: %w", context.Canceled, long)},
		"wait, empty":    &WaitError{TaskID: id},
	} {
		logged := err.(slog.LogValuer).LogValue()
		for _, text := range []string{err.Error(), fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			if len(text) >= 1024 || strings.ContainsAny(text, "\n\x1b") || strings.Contains(text, id) || !strings.Contains(text, opInfoByTaskID) {
				t.Errorf("%s: %s", name, text)
			}
		}
		if logged.Kind() != slog.KindGroup || strings.Contains(logged.String(), id) || !strings.Contains(logged.String(), "kind") {
			t.Errorf("%s is logged as %s", name, logged)
		}
	}
}
