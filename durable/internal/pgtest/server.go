package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL server of a test, in a temporary directory.
type Server struct {
	dir      string // has the socket, and in the folder data what the server keeps
	bin      string
	settings []string
	cmd      *exec.Cmd      // the guardian, or nil if the server does not run
	leash    io.WriteCloser // its standard input
}

// Start starts a server for one test, with a database, and returns the address of that.
// The server is stopped when the test ends.
func Start(tb testing.TB) (server *Server, address string) {
	tb.Helper()
	need(tb)
	s, err := newServer()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		s.Stop(tb)
		if err := os.RemoveAll(s.dir); err != nil {
			tb.Error(err)
		}
	})
	s.Start(tb)
	return s, s.Database(tb)
}

// newServer makes the directory of a server, with settings in the form name=value.
func newServer(settings ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	// The path of a socket has at most 103 bytes on some systems, and that of tb.TempDir
	// may be longer.
	dir, err := os.MkdirTemp("", "pgtest-")
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	s := &Server{dir: dir, bin: bin, settings: settings}
	if err := s.initialize(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) initialize() error {
	if err := giveAway(s.dir); err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(s.bin, "initdb"), "--pgdata", s.data(), "--username", superuser,
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	if err := s.asServer(cmd); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: initdb: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// guardian is a shell script that runs the server, its arguments from the second on, until its
// standard input ends: so the server ends with the test program even if that is killed. The
// first argument is a directory that is removed, unless the input says to keep it.
const guardian = `dir=$1; shift
"$@" </dev/null & server=$!
read -r signal keep
kill -s "${signal:-QUIT}" $server
wait $server
test -n "$keep" || rm -rf "$dir"`

// start starts the server and waits until it accepts connections.
func (s *Server) start() error {
	args := []string{"-c", guardian, "sh", s.dir, filepath.Join(s.bin, "postgres"), "-D", s.data(),
		"-c", "listen_addresses=", "-c", "unix_socket_directories=" + s.dir, "-c", "max_connections=200"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command("/bin/sh", args...)
	if err := s.asServer(cmd); err != nil {
		return err
	}
	log, err := os.OpenFile(s.log(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if s.leash, err = cmd.StdinPipe(); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	s.cmd = cmd
	return s.await()
}

func (s *Server) log() string { return filepath.Join(s.dir, "log") }

func (s *Server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, address(s.dir, superuser))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			said, _ := os.ReadFile(s.log())
			return fmt.Errorf("pgtest: the server does not start: %w\n%s", err, said)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) running() bool { return s.cmd != nil }

// Start starts the server again, with what it had committed before, and waits until
// it accepts connections. It does nothing if the server runs.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	if s.running() {
		return
	}
	if err := s.start(); err != nil {
		tb.Fatal(err)
	}
}

// Stop ends all connections and stops the server, as a restart for maintenance does. It does nothing if
// the server does not run.
func (s *Server) Stop(tb testing.TB) { tb.Helper(); s.end(tb, "INT") }

// Crash stops the server without a chance to put its data in order, as an outage does.
func (s *Server) Crash(tb testing.TB) { tb.Helper(); s.end(tb, "QUIT") }

func (s *Server) end(tb testing.TB, signal string) {
	tb.Helper()
	if !s.running() {
		return
	}
	_, err := io.WriteString(s.leash, signal+" keep\n")
	err = errors.Join(err, s.leash.Close(), s.cmd.Wait())
	s.cmd = nil
	if err != nil {
		tb.Fatalf("pgtest: the server does not stop: %v", err)
	}
}
