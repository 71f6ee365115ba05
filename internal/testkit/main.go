package testkit

import (
	"bytes"
	"log"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// Main runs a package's tests and fails if one of them leaves a goroutine behind.
func Main(m *testing.M) {
	log.SetOutput(quietLog{})
	goleak.VerifyTestMain(m)
}

// quietLog drops what net/http logs about servers that misbehave on purpose.
type quietLog struct{}

var quiet = []string{
	"Unsolicited response received on idle HTTP channel",
	"Transport: unhandled response frame type",
	"http2: Transport received unsolicited DATA frame",
	"protocol error: received ",
}

func (quietLog) Write(line []byte) (int, error) {
	for _, text := range quiet {
		if bytes.Contains(line, []byte(text)) {
			return len(line), nil
		}
	}
	return os.Stderr.Write(line)
}
