package images

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// listing returns a session whose service lists n images for each task, and the number of
// images that were requested.
func listing(t *testing.T, n int) (s clitest.Session, fetched *atomic.Int32) {
	t.Helper()
	fetched = new(atomic.Int32)
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodGet {
			fetched.Add(1)
			_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n")
			return
		}
		addresses := make([]string, n)
		for i := range addresses {
			addresses[i] = fmt.Sprintf("%s/%d.png", server.URL, i+1)
		}
		w.Header().Set("Content-Type", "application/json")
		data := map[string]any{"taskid": "a", "image_status": 3, "url": addresses}
		if !strings.Contains(r.URL.Path, frozen.Path("infoByTaskId")) {
			data = map[string]any{"taskid": "a"}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"code": 1000, "msg": "ok", "data": data})
	}))
	t.Cleanup(server.Close)
	return clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": server.URL, "TENSORSLAB_API_KEY": clitest.Key}}, fetched
}

// A task has at most 15 images, whatever the service lists.
func TestTooManyImages(t *testing.T) {
	t.Parallel()
	const failed = "a: failed: the service lists 2000 images, but a task has at most 15; only the first 15 were "
	for name, tt := range map[string]struct {
		n    int
		args []string
		want string // the error in text, or empty
		done int    // number of images downloaded
	}{
		"info":               {2000, []string{"info", "a"}, failed + "shown\n", 0},
		"wait":               {2000, []string{"wait", "a"}, failed + "shown\n", 0},
		"generate, wait":     {2000, []string{"generate", "a fox", "--wait"}, failed + "shown\n", 0},
		"download":           {2000, []string{"download", "a", "--out"}, failed + "downloaded\n", 15},
		"generate, download": {2000, []string{"generate", "a fox", "--out"}, failed + "downloaded\n", 15},
		"info of 15":         {15, []string{"info", "a"}, "", 0},
		"download of 15":     {15, []string{"download", "a", "--out"}, "", 15},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, output := range []string{"text", "json"} {
				s, fetched := listing(t, tt.n)
				args := tt.args
				if args[len(args)-1] == "--out" {
					args = append(args[:len(args):len(args)], t.TempDir())
				}
				got := s.Run(slices.Concat([]string{"images"}, args, []string{"--output", output})...)
				clitest.WantStatus(t, got, map[bool]int{true: cli.Failed}[tt.want != ""])
				if output == "text" && !strings.HasSuffix(got.Out, tt.want) || strings.Contains(got.Out, "/16.png") || int(fetched.Load()) != tt.done {
					t.Errorf("%s: %d images downloaded, stdout\n%s", output, fetched.Load(), got.Out)
				}
				if output == "json" && strings.Contains(got.Out, "lists 2000 images") != (tt.want != "") {
					t.Errorf("JSON: stdout\n%s", got.Out)
				}
			}
		})
	}
}
