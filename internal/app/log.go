package app

import (
	"io"
	"log/slog"
	"net"
)

// level is the configured level, or nil for a word that is none.
func (c LogConfig) level() *slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil
	}
	return &level
}

func logger(w io.Writer, config LogConfig) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: *config.level()}))
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
