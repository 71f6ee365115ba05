package images

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

// A gateway's page is not told as a rejected key or a missing task.
func TestPagesOfGateways(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		http.StatusForbidden:      "HTTP 403: a gateway or firewall rejected the request with an HTML page, which says nothing about the key; ",
		http.StatusNotFound:       "HTTP 404: nothing is served at this address; ",
		http.StatusRequestTimeout: "HTTP 408: ",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Just a moment...</title>")
		}))
		defer server.Close()
		s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": server.URL, "TENSORSLAB_API_KEY": clitest.Key}}
		for _, args := range [][]string{{"info", "a"}, {"delete", "a"}, {"generate", "a fox"}} {
			got := s.Run(slices.Concat([]string{"images"}, args, []string{"--retries", "0"})...)
			exit := cli.Failed
			if status == http.StatusRequestTimeout && args[0] == "generate" {
				exit = cli.Unknown
			}
			clitest.WantStatus(t, got, exit)
			if !strings.Contains(got.Out+got.Err, want) || strings.Contains(got.Out+got.Err, "rejected the key") || strings.Contains(got.Out+got.Err, "no such task") {
				t.Errorf("%d, %s: stdout %q, stderr %q", status, args[0], got.Out, got.Err)
			}
		}
	}
}
