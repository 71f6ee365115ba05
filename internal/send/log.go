package send

import (
	"context"
	"log/slog"
	"time"
)

// Log writes a record of the last attempt: at Debug for a 2xx, at Warn for anything
// else. The caller adds one detail, in which it has searched for secrets: apart from
// that no header and no body is logged.
func (r *Result) Log(ctx context.Context, log *slog.Logger, message, operation string, took time.Duration, detail slog.Attr) {
	level := slog.LevelWarn
	attrs := []slog.Attr{slog.String("operation", operation), slog.Int("attempt", r.Attempts), slog.Duration("duration", took)}
	if r.Response != nil {
		attrs = append(attrs, slog.Int("status", r.Response.StatusCode))
		if IsSuccess(r.Response.StatusCode) {
			level = slog.LevelDebug
		}
	}
	log.LogAttrs(ctx, level, message, append(attrs, detail)...)
}
