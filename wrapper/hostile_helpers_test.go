package wrapper_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// hostileKey is the secret of these tests.
	hostileKey = "k9Xw2Qz7Lm4Tb8Rn5Vc3Jp6Yd1"
	// canary stands in bodies where no error text may show it.
	canary = "cAnArY-7f3a"
)

var (
	oneID     = generated.DeleteImagesTaskRequest{TaskIDs: []string{"abcd_1234567890abcdef"}}
	oneIDJSON = `{"taskids":["abcd_1234567890abcdef"]}`
	// once sends each request one time, so that a verdict is that of one answer.
	once = wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 1})
)

// ownTransport is net/http's default, with connections that end with the test.
func ownTransport(tb testing.TB) *http.Transport {
	tb.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	tb.Cleanup(transport.CloseIdleConnections)
	return transport
}

func newHostileClient(tb testing.TB, base string, transport http.RoundTripper, opts ...wrapper.Option) *wrapper.Client {
	tb.Helper()
	defaults := []wrapper.Option{
		wrapper.WithBaseURL(base), once,
		wrapper.WithHTTPClient(&http.Client{Transport: transport}),
	}
	client, err := wrapper.NewClient(hostileKey, append(defaults, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

func typeName(v any) string { return strings.TrimLeft(fmt.Sprintf("%T", v), "*") }

func zipped(body string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, body)
	_ = w.Close()
	return b.String()
}

// spoilt breaks the checksum at the end of a gzip member.
func spoilt(member string) string {
	b := []byte(member)
	b[len(b)-8] ^= 0xff
	return string(b)
}

// bomb is 64 MB of JSON in 65 KB.
func bomb() string {
	return zipped(successBody) + strings.Repeat(zipped(strings.Repeat(" ", 1<<20)), 64)
}

func utf16Bytes(s string, bigEndian bool) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		if bigEndian {
			b = binary.BigEndian.AppendUint16(b, unit)
		} else {
			b = binary.LittleEndian.AppendUint16(b, unit)
		}
	}
	return string(b)
}

// table serves each row below a base URL of its own.
type table struct {
	t      *testing.T
	server *httptest.Server
	other  *httptest.Server // where redirects must not lead
	client *http.Client
	single *http.Client // one connection for each request, for raw rows that spoil theirs

	mu   sync.Mutex
	rows []*triedRow
}

func startTable(t *testing.T) *table {
	single := ownTransport(t)
	single.DisableKeepAlives = true
	tab := &table{t: t, client: &http.Client{Transport: ownTransport(t)}, single: &http.Client{Transport: single}}
	tab.server = httptest.NewServer(http.HandlerFunc(tab.serve))
	tab.other = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed to another server: %s %s", r.Method, r.URL)
	}))
	t.Cleanup(tab.server.Close)
	t.Cleanup(tab.other.Close)
	return tab
}

func (tab *table) add(row answerRow) *triedRow {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tried := &triedRow{answerRow: row, id: strconv.Itoa(len(tab.rows))}
	tried.url, tried.client = tab.server.URL+"/"+tried.id, tab.client
	if row.status == raw {
		tried.client = tab.single
	}
	tab.rows = append(tab.rows, tried)
	return tried
}

func (tab *table) find(r *http.Request) *triedRow {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	name, found := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), "/v1/images/deleteimagestask")
	i, err := strconv.Atoi(name)
	if !found || err != nil || i >= len(tab.rows) {
		return nil
	}
	return tab.rows[i]
}

func (tab *table) serve(w http.ResponseWriter, r *http.Request) {
	row := tab.find(r)
	if row == nil {
		tab.t.Errorf("a request that no row asks for: %s %s", r.Method, r.URL)
		return
	}
	row.requests.Add(1)
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost || string(body) != oneIDJSON || r.Header.Get("Authorization") != hostileKey {
		tab.t.Errorf("%s: got %s with %q, %v", row.name, r.Method, body, err)
	}
	if row.status == raw {
		writeRaw(w, row.body)
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

func writeRaw(w http.ResponseWriter, wire string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, wire)
}
