package fake

import (
	"context"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A client can be set up from what the fake prints, and Ctrl-C ends it with success.
func TestFake(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := clitest.Session{T: t, Root: newRoot, Stdout: clitest.WriterFunc(func(p []byte) (int, error) {
		if strings.HasPrefix(string(p), "Stopped ") {
			return len(p), nil
		}
		defer cancel()
		found := regexp.MustCompile(`TENSORSLAB_BASE_URL=(\S+)\n.*TENSORSLAB_API_KEY=(\S+)\nIt holds 5 tasks: (\S+), `).FindSubmatch(p)
		if found == nil {
			t.Fatalf("stdout %q", p)
		}
		client := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": string(found[1]), "TENSORSLAB_API_KEY": string(found[2])}}
		clitest.WantStatus(t, client.Run("images", "delete", string(found[3])), cli.OK)
		clitest.WantStatus(t, client.Run("images", "delete", "never-there"), cli.Failed)
		return len(p), nil
	})}
	got := s.RunContext(ctx, "fake", "--addr", "127.0.0.1:0", "--tasks", "5")
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stderr", got.Err, "")
}

func TestFakeRefuses(t *testing.T) {
	t.Parallel()
	const loopback = "--addr must be a loopback address, such as 127.0.0.1:8787, because keys reach the fake unencrypted"
	const hostPort = "--addr must be HOST:PORT, such as 127.0.0.1:8787"
	for _, tt := range []struct{ flag, value, want string }{
		{"--addr", ":8787", loopback},
		{"--addr", "0.0.0.0:8787", loopback},
		{"--addr", "[::]:8787", loopback},
		{"--addr", "192.0.2.1:8787", loopback},
		{"--addr", "example.com:8787", loopback},
		{"--addr", "127.0.0.1", hostPort},
		{"--addr", "", hostPort},
		{"--addr", "127.0.0.1:99999", "--addr: address 99999: invalid port"},
		{"--tasks", "-1", "--tasks must be between 0 and 1000000, but got \"-1\""},
		{"--tasks", "1000001", "--tasks must be between 0 and 1000000, but got \"1000001\""},
		{"--credits", "-1", "--credits must not be negative"},
		{"--max-tasks", "0", "--max-tasks must be above 0"},
		{"--latency", "-1s", "--latency must not be negative"},
		{"--life", "0s", "--life must be a duration above 0, such as 30s"},
		{"--life", "-1s", "--life must be a duration above 0, such as 30s"},
		{"--output", "yaml", `--output must be text or json, but got "yaml"`},
		{"--key", " ", "--key is empty; give a value or leave it out"},
		{"--key", "Bearer x", "--key is not usable: write printable ASCII, without the word Bearer"},
		{"--key", "schlüssel", "--key is not usable: write printable ASCII, without the word Bearer"},
	} {
		clitest.WantError(t, clitest.Session{T: t, Root: newRoot}.Run("fake", tt.flag, tt.value), cli.Usage, tt.want)
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
	got := clitest.Session{T: t, Root: newRoot}.Run("fake", "--addr", ln.Addr().String())
	clitest.WantStatus(t, got, cli.Failed)
	if !strings.HasSuffix(got.Err, "; --addr 127.0.0.1:0 takes a free port\n") || !strings.Contains(got.Err, ln.Addr().String()) || strings.Count(got.Err, "\n") != 1 {
		t.Errorf("stderr %q", got.Err)
	}
}

// A fake that is started again gives its tasks other ids, since journals have the earlier ones.
func TestFakesShareNoIDs(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for range 3 {
		f := flags{addr: "127.0.0.1:0", isSet: func(string) bool { return false }}
		fake, err := f.start()
		if err != nil {
			t.Fatal(err)
		}
		defer fake.Close()
		client, err := wrapper.NewClient(clitest.Key, wrapper.WithBaseURL(fake.URL))
		if err != nil {
			t.Fatal(err)
		}
		defer client.CloseIdleConnections()
		id, err := client.Generate(t.Context(), wrapper.GenerateRequest{Prompt: "a fox"})
		if err != nil || ids[id] || len(id) != len("fake_0000000000000001") {
			t.Errorf("%s, %v, after %v", id, err, ids)
		}
		ids[id] = true
		time.Sleep(2 * time.Millisecond) // nobody starts two within a millisecond
	}
}
