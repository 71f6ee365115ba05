package images

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// responding returns a session whose service gives the same response to each request.
func responding(t *testing.T, status int, body string) clitest.Session {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": server.URL, "TENSORSLAB_API_KEY": clitest.Key}}
}

func encode(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Neither the key nor a part of it is printed, whatever the service does with it.
func TestEchoedKey(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 290) + " " + clitest.Key
	address := "http://127.0.0.1:1/" + clitest.Key + "/a.png"
	task := func(status int, message string, addresses ...string) string {
		return encode(t, map[string]any{"code": 1000, "msg": clitest.Key, "data": map[string]any{
			"taskid": "a", "image_status": status, "error_message": message, "url": append([]string{}, addresses...), "starttime": clitest.Key}})
	}
	for name, body := range map[string]string{
		"failed":    task(4, "your key is "+clitest.Key),
		"cut":       task(4, long),
		"completed": task(3, clitest.Key, address),
		"refused":   encode(t, map[string]any{"code": 9999, "msg": long, "data": map[string]any{}}),
		"broken":    encode(t, map[string]any{"code": 1000, "msg": "", clitest.Key: 1, "data": clitest.Key}),
	} {
		s := responding(t, http.StatusOK, body)
		for _, args := range [][]string{{"info", "a"}, {"wait", "a", "--wait-timeout", "50ms"}, {"download", "a", "--retries", "0"}, {"generate", "a fox"}, {"delete", "a", "--retries", "0"}} {
			for _, output := range []string{"text", "json"} {
				t.Run(name+" "+args[0]+" "+output, func(t *testing.T) {
					s := s
					s.T = t
					got := s.Run(slices.Concat([]string{"images"}, args, []string{"--output", output})...) // which fails the test if it prints the key
					if got.Status == cli.Usage || strings.Contains(got.Out+got.Err, clitest.Key[:8]) {
						t.Errorf("a part of the key is printed (status %d):\n%s%s", got.Status, got.Out, got.Err)
					}
				})
			}
		}
	}
	got := responding(t, http.StatusOK, task(3, "", address)).Run("images", "info", "a")
	clitest.WantText(t, "stdout", got.Out, "a: completed\n  http://127.0.0.1:1/[redacted]/a.png\n")
}
