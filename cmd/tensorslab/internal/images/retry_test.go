package images

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A download that breaks in the middle is repeated from its beginning, within --retries,
// and nothing is left of one that does not succeed.
func TestBrokenDownloads(t *testing.T) {
	t.Parallel()
	picture := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 500_000)
	for name, tt := range map[string]struct {
		broken   int32 // number of downloads that break
		retries  string
		status   int
		requests int32
	}{
		"once":        {1, "2", cli.OK, 2},
		"twice":       {2, "2", cli.OK, 3},
		"too often":   {9, "2", cli.Failed, 3},
		"not retried": {9, "0", cli.Failed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if r.Method == http.MethodPost {
					w.Header().Set("Content-Type", "application/json")
					_ = json.NewEncoder(w).Encode(map[string]any{"code": 1000, "msg": "ok", "data": map[string]any{
						"taskid": "a", "image_status": 3, "url": []string{server.URL + "/a.png"}}})
					return
				}
				if requests.Add(1) > tt.broken {
					_, _ = io.WriteString(w, picture)
					return
				}
				w.Header().Set("Content-Length", "500008")
				_, _ = io.WriteString(w, picture[:400_000])
				panic(http.ErrAbortHandler)
			}))
			t.Cleanup(server.Close)
			dir := t.TempDir()
			s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": server.URL, "TENSORSLAB_API_KEY": clitest.Key}}
			got := s.Run("images", "download", "a", "--out", dir, "--retries", tt.retries)
			clitest.WantStatus(t, got, tt.status)
			if n := requests.Load(); n != tt.requests {
				t.Errorf("%d downloads, want %d", n, tt.requests)
			}
			if tt.status != cli.OK {
				clitest.WantText(t, "files", clitest.NamesIn(t, dir), "")
				return
			}
			clitest.WantText(t, "files", clitest.NamesIn(t, dir), "a-1.png")
			if clitest.ReadFile(t, dir+"/a-1.png") != picture {
				t.Error("the file is not the picture")
			}
		})
	}
}
