package observe

import (
	"context"
	"encoding/hex"
	"log/slog"
)

// Slog writes every verdict to a structured log: refusals as information, the
// rest for who debugs.
func Slog(l *slog.Logger) Observer {
	return Observer{func(ctx context.Context, v verdict) {
		level := slog.LevelInfo
		if v.accepted {
			level = slog.LevelDebug
		}
		if !l.Enabled(ctx, level) {
			return // nothing is written into the air
		}
		attrs := []slog.Attr{
			slog.String("of", v.of), slog.Bool("accepted", v.accepted), slog.Duration("took", v.duration),
		}
		text := func(key, value string) {
			if value != "" {
				attrs = append(attrs, slog.String(key, value))
			}
		}
		text("domain", string(v.domain))
		text("reason", v.reason)
		text("cause", v.cause)
		if v.of != "capture" {
			attrs = append(attrs, slog.Bool("remembered", v.remembered), slog.String("certificate", hex.EncodeToString(v.signer[:])))
		}
		if v.snapshot > 0 {
			attrs = append(attrs, slog.Uint64("snapshot", v.snapshot))
		}
		l.LogAttrs(ctx, level, "verdict", attrs...)
	}}
}
