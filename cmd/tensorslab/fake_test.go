package main

import (
	"context"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the fake prints is enough to use it, and Ctrl-C ends it with success.
func TestFake(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := session{t: t, stdout: writerFunc(func(p []byte) (int, error) {
		defer cancel()
		found := regexp.MustCompile(`TENSORSLAB_BASE_URL=(\S+)\n.*TENSORSLAB_API_KEY=(\S+)\nIt holds 5 tasks: (\S+), `).FindSubmatch(p)
		if found == nil {
			t.Fatalf("stdout %q", p)
		}
		client := session{t: t, env: map[string]string{"TENSORSLAB_BASE_URL": string(found[1]), "TENSORSLAB_API_KEY": string(found[2])}}
		wantStatus(t, client.run("images", "delete", string(found[3])), statusOK)
		wantStatus(t, client.run("images", "delete", "never-there"), statusFailed)
		return len(p), nil
	})}
	got := s.runContext(ctx, "fake", "--addr", "127.0.0.1:0", "--tasks", "5")
	wantStatus(t, got, statusOK)
	wantText(t, "stderr", got.err, "")
}

func TestFakeRefuses(t *testing.T) {
	t.Parallel()
	const loopback = "--addr wants a loopback address, such as 127.0.0.1:8787: keys would reach the fake in the clear"
	const hostPort = "--addr wants HOST:PORT, such as 127.0.0.1:8787"
	for _, tt := range []struct{ flag, value, want string }{
		{"--addr", ":8787", loopback},
		{"--addr", "0.0.0.0:8787", loopback},
		{"--addr", "[::]:8787", loopback},
		{"--addr", "192.0.2.1:8787", loopback},
		{"--addr", "example.com:8787", loopback},
		{"--addr", "127.0.0.1", hostPort},
		{"--addr", "", hostPort},
		{"--tasks", "-1", "--tasks wants a number from 0 to 1000000"},
		{"--tasks", "1000001", "--tasks wants a number from 0 to 1000000"},
	} {
		wantError(t, session{t: t}.run("fake", tt.flag, tt.value), statusUsage, tt.want)
	}
}

func TestCheckLoopback(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"127.0.0.1:0", "127.8.8.8:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "localhost:80", "LOCALHOST:80"} {
		if err := checkLoopback(addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestFakeAddressInUse(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	got := session{t: t}.run("fake", "--addr", ln.Addr().String())
	wantStatus(t, got, statusFailed)
	if !strings.Contains(got.err, ln.Addr().String()) || strings.Count(got.err, "\n") != 1 {
		t.Errorf("stderr %q", got.err)
	}
}

func TestWelcome(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "It holds 0 tasks\n",
		1: "It holds 1 task: task_000001\n",
		3: "It holds 3 tasks: task_000001, task_000002, task_000003\n",
		9: "It holds 9 tasks: task_000001, task_000002, task_000003 … task_000009\n",
	} {
		want = `Fake Images Service on http://127.0.0.1:8787
Point a client at it (any key will do):
  export TENSORSLAB_BASE_URL=http://127.0.0.1:8787
  export TENSORSLAB_API_KEY=any-key
` + want + "Images are on http://127.0.0.1:2\nCtrl-C stops it.\n"
		if diff := cmp.Diff(want, welcome("http://127.0.0.1:8787", "http://127.0.0.1:2", taskIDs(n))); diff != "" {
			t.Errorf("%d tasks (-want +got):\n%s", n, diff)
		}
	}
}
