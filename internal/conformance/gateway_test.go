package conformance

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// pageOf responds with a media type, or with none if it is "".
func pageOf(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// A 403 or 404 with an HTML page is a gateway's, and says nothing about the key or
// the task. Any other one, and a 401 with whatever body, is the service's.
func TestPagesOfGateways(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
	for name, tt := range map[string]struct {
		status      int
		contentType string
		body        string
		want        string // sentinels of a query
		text        string
	}{
		"a challenge":                 {403, "text/html; charset=UTF-8", page, "", "gateway or firewall"},
		"in capitals":                 {403, "Text/HTML", "<HTML>", "", "gateway or firewall"},
		"without a media type":        {403, "", page, "", "gateway or firewall"},
		"under another":               {403, "application/json", "\ufeff \r\n" + page, "", "gateway or firewall"},
		"a comment first":             {403, "text/plain", "<!-- x -->" + page, "", "gateway or firewall"},
		"text that is called a page":  {403, "text/html", "Access denied", "", "gateway or firewall"},
		"XHTML":                       {403, "application/xhtml+xml", "<?xml version='1.0'?><html/>", "", "gateway or firewall"},
		"XHTML as XML":                {403, "application/xml", `<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html>`, "", "gateway or firewall"},
		"a page without its root":     {403, "text/plain", "<center><h1>403 Forbidden</h1></center>", "", "gateway or firewall"},
		"a list called a page":        {403, "text/html", "[1]", "Unauthorized", "WithBareKey"},
		"XML of a service":            {403, "application/xml", "<?xml version='1.0'?><Error/>", "Unauthorized", "WithBareKey"},
		"no body":                     {403, "text/html", "", "Unauthorized", "WithBareKey"},
		"an envelope called a page":   {403, "text/html", `{"code":9999,"msg":"no"}`, "Failure Unauthorized", "WithBareKey"},
		"an envelope":                 {403, "application/json", `{"code":9999,"msg":"<html>"}`, "Failure Unauthorized", "WithBareKey"},
		"JSON without a code":         {403, "application/json", `{}`, "Unauthorized", "WithBareKey"},
		"plain text":                  {403, "text/plain", "forbidden", "Unauthorized", "WithBareKey"},
		"a 401":                       {401, "text/html", page, "Unauthorized", "WithBareKey"},
		"a 401 that is nothing":       {401, "", "", "Unauthorized", "WithBareKey"},
		"a 404":                       {404, "text/html", page, "", "check the base URL"},
		"a 404 of the service":        {404, "application/json", `{"code":9999,"msg":"none"}`, "Failure NotFound", "check the id"},
		"a 404 that is nothing":       {404, "", "", "NotFound", "check the base URL"},
		"a 404 called a page, though": {404, "text/html", `{"code":9999,"msg":"none"}`, "Failure NotFound", "check the id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := testkit.Serve(t, pageOf(tt.status, tt.contentType, tt.body))
			_, err := newRetryingClient(t, url).InfoByTaskID(t.Context(), taskID)
			if got := matching(err); got != tt.want || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%v matches %q, want %q and %q", err, got, tt.want, tt.text)
			}
			if about := strings.Contains(err.Error(), "other form"); about != errors.Is(err, wrapper.ErrUnauthorized) {
				t.Errorf("it names the other form of the key: %t: %v", about, err)
			}
		})
	}
}

// A challenge in between ends no purge: the other batches are sent.
func TestAPurgeOutlivesAChallenge(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Sequence(pageOf(403, "text/html", "<html>checking your browser</html>"), testkit.Respond(200, successBody)))
	ids := slices.Values([]string{"a", "b", "c"})
	batches, failed := 0, 0
	for _, err := range newRetryingClient(t, url).PurgeImagesTasks(t.Context(), ids, wrapper.PurgeOptions{BatchSize: 1, Concurrency: 1}) {
		if batches++; err != nil {
			failed++
		}
	}
	if batches != 3 || failed != 1 || requests.Load() != 3 {
		t.Errorf("%d batches, of which %d failed, %d requests", batches, failed, requests.Load())
	}
}

// A key that is rejected under a status of success leads to its other form, too.
func TestAKeyThatIsRejectedByACode(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"code":9999,"msg":"Invalid API key"}`:              true,
		`{"code":9999,"msg":"unauthorized: no such user"}`:   true,
		`{"code":9999,"msg":"apikey expired"}`:               true,
		`{"code":9999,"msg":"token is invalid"}`:             true,
		`{"code":401,"msg":"no"}`:                            true,
		`{"code":403,"msg":""}`:                              true,
		`{"code":9999,"msg":"the prompt has no keywords"}`:   false,
		`{"code":9999,"msg":"more than 2000 tokens"}`:        false,
		`{"code":9999,"msg":"a monkey"}`:                     false,
		`{"code":9000,"msg":"this key has no credits left"}`: false,
	} {
		for _, bare := range []bool{false, true} {
			opts, form := []wrapper.Option{fast}, "WithBareKey or TENSORSLAB_AUTH=bare"
			if bare {
				opts, form = append(opts, wrapper.WithBareKey()), `"Bearer <key>"`
			}
			url, _ := testkit.Serve(t, testkit.Respond(200, body))
			_, err := newRetryingClient(t, url, opts...).InfoByTaskID(t.Context(), taskID)
			if strings.Contains(err.Error(), form) != want || errors.Is(err, wrapper.ErrUnauthorized) {
				t.Errorf("%s: %v", body, err)
			}
		}
	}
}
