package send

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestLogSaysHowAnAttemptEnded(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*Result{
		"level=DEBUG msg=attempt operation=op attempt=1 duration=2s status=204 detail=x": {Attempts: 1, Response: &http.Response{StatusCode: http.StatusNoContent}},
		"level=WARN msg=attempt operation=op attempt=2 duration=2s status=500 detail=x":  {Attempts: 2, Response: &http.Response{StatusCode: http.StatusInternalServerError}},
		"level=WARN msg=attempt operation=op attempt=3 duration=2s detail=x":             {Attempts: 3},
	} {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		r.Log(t.Context(), log, "attempt", "op", 2*time.Second, slog.String("detail", "x"))
		if _, got, _ := strings.Cut(strings.TrimSpace(out.String()), " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
