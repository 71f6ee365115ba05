package conformance

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// table serves each row below a base URL of its own.
type table struct {
	t      *testing.T
	server *httptest.Server
	other  *httptest.Server // where redirects must not lead
	client *http.Client
	single *http.Client // a connection for each request, since raw rows close theirs

	mu   sync.Mutex
	rows []*servedRow
}

// servedRow is a row that the server has.
type servedRow struct {
	responseRow
	id, url  string
	client   *http.Client
	requests atomic.Int32
}

func startTable(t *testing.T) *table {
	t.Helper()
	single := testkit.Transport(t)
	single.DisableKeepAlives = true
	tab := &table{t: t, client: &http.Client{Transport: testkit.Transport(t)}, single: &http.Client{Transport: single}}
	tab.server = httptest.NewServer(http.HandlerFunc(tab.serve))
	tab.other = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed to another server: %s %s", r.Method, r.URL)
	}))
	t.Cleanup(tab.server.Close)
	t.Cleanup(tab.other.Close)
	return tab
}

func (tab *table) add(row responseRow) *servedRow {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	served := &servedRow{responseRow: row, id: strconv.Itoa(len(tab.rows))}
	served.url, served.client = tab.server.URL+"/"+served.id, tab.client
	if row.status == raw {
		served.client = tab.single
	}
	tab.rows = append(tab.rows, served)
	return served
}

func (tab *table) find(r *http.Request) *servedRow {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	name, found := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), frozen.Path("deleteImagesTask"))
	i, err := strconv.Atoi(name)
	if !found || err != nil || i >= len(tab.rows) {
		return nil
	}
	return tab.rows[i]
}

func (tab *table) serve(w http.ResponseWriter, r *http.Request) {
	row := tab.find(r)
	if row == nil {
		tab.t.Errorf("a request to no row: %s %s", r.Method, r.URL)
		return
	}
	row.requests.Add(1)
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost || string(body) != oneIDJSON || r.Header.Get("Authorization") != authorization {
		tab.t.Errorf("%s: got %s with %q, %v", row.name, r.Method, body, err)
	}
	if row.status == raw {
		testkit.WriteRaw(w, row.body)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Request-Id", "request "+row.id)
	for name, value := range row.header {
		if w.Header().Set(name, strings.ReplaceAll(value, "{other}", tab.other.URL)); value == "" {
			w.Header()[name] = nil
		}
	}
	w.WriteHeader(row.status)
	_, _ = io.WriteString(w, row.body)
}
