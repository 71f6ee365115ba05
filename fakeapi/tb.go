package fakeapi

// TB is the part of [testing.TB] that [Start] uses; [*testing.T], [*testing.B]
// and [*testing.F] satisfy it.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Start returns a running server that is closed when the test ends. A server
// that cannot start ends the test through tb.Fatalf.
func Start(tb TB, opts ...Option) *Server {
	tb.Helper()
	srv, err := newServer(tb, opts)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	tb.Cleanup(func() {
		if err := srv.Close(); err != nil {
			tb.Errorf("%v", err)
		}
	})
	return srv
}
