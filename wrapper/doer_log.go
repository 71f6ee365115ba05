package wrapper

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// logDoer writes one record for each attempt: at Debug for a 2xx, at Warn for
// anything else. It logs no header, no body and no id, so it can't log a secret.
type logDoer struct {
	next generated.HttpRequestDoer
	log  *slog.Logger
}

func (d *logDoer) Do(req *http.Request) (*http.Response, error) {
	c := callOf(req)
	start := time.Now()
	resp, err := d.next.Do(req)
	level := slog.LevelWarn
	attrs := []slog.Attr{
		slog.String("operation", c.op.id),
		slog.Int("attempt", c.attempts),
		slog.Duration("duration", time.Since(start)),
	}
	var transport *TransportError
	switch {
	case errors.As(err, &transport):
		attrs = append(attrs, slog.Any("error", transport))
	case err == nil:
		if isSuccess(resp.StatusCode) {
			level = slog.LevelDebug
		}
		attrs = append(attrs, slog.Int("status", resp.StatusCode), slog.String("request_id", c.requestID(resp)))
	}
	d.log.LogAttrs(req.Context(), level, "tensorslab: attempt", attrs...)
	return resp, err
}
