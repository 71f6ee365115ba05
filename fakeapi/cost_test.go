package fakeapi

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// allocated returns how many bytes do allocates. It counts those of the whole
// process, so that these tests run alone.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// serveAlone handles a request without a socket.
func serveAlone(srv *Server, method, path, contentType, body string, header http.Header) int {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	for name, values := range header {
		req.Header[name] = values
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "test-key-0123456789")
	}
	res := httptest.NewRecorder()
	srv.serve(res, req)
	return res.Code
}

// A JSON body takes memory in proportion to its size, whatever is in it. It is not
// read if it has more values than any request of use.
func TestCostOfJSONIsBounded(t *testing.T) {
	if nested.Race {
		t.Skip("it measures memory, in one goroutine: run it without -race")
	}
	srv := Start(t)
	const size, long = maxBody - 200, maxBody / 4
	filled := func(unit string) string { return strings.TrimSuffix(strings.Repeat(unit, size/len(unit)), ",") }
	var keys strings.Builder
	for i := uint32(0); keys.Len() < size; i++ {
		fmt.Fprintf(&keys, `,"%x":0`, i*2654435761)
	}
	deep := strings.Repeat(`{"a":`, 9000)
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"ids":               {`{"taskids":[` + filled(`"",`) + `]}`, 413},
		"as many as may be": {`{"taskids":["a"],"x":[` + strings.Repeat(`"",`, maxValues-20) + `""]}`, 200},
		"numbers":           {`{"taskids":[],"x":[` + filled(`1,`) + `]}`, 413},
		"empty arrays":      {`{"taskids":[],"x":[` + filled(`[],`) + `]}`, 413},
		"empty objects":     {`{"taskids":[],"x":[` + filled(`{},`) + `]}`, 413},
		"arrays of one":     {`{"taskids":[],"x":[` + filled(`[1],`) + `]}`, 413},
		"keys":              {`{"taskids":[]` + keys.String() + `}`, 413},
		"one key":           {`{"taskids":[],` + filled(`"a":0,`) + `}`, 413},
		"keys, deep":        {`{"taskids":[],"x":` + deep + `{` + filled(`"a":0,`)[:6*(size/6-15_000)] + `"b":1}` + strings.Repeat("}", 9000) + `}`, 413},
		"half pairs":        {`{"taskids":[` + filled(`"\ud800",`) + `]}`, 413},
		"one long id":       {`{"taskids":["` + strings.Repeat("a", long) + `"]}`, 200},
		"commas in an id":   {`{"taskids":["` + strings.Repeat(`,[{\"`, long/5) + `"]}`, 200},
		"escapes":           {`{"taskids":["` + strings.Repeat(`\n`, long/2) + `"]}`, 200},
		"a long key":        {`{"taskids":[],"` + strings.Repeat("a", long) + `":1}`, 200},
		"digits":            {`{"taskids":[],"x":` + strings.Repeat("1", long) + `}`, 200},
	} {
		t.Run(name, func(t *testing.T) {
			srv.ResetRequests()
			status := 0
			n := allocated(func() {
				status = serveAlone(srv, http.MethodPost, frozen.Path("deleteImagesTask"), jsonType, c.body, nil)
			})
			if status != c.status || n > 32<<20+16*uint64(len(c.body)) {
				t.Errorf("status %d, want %d; %d MB", status, c.status, n>>20)
			}
		})
	}
}

// The image host searches a long request once for each key that it remembers, and
// remembers few. Keys of many lengths and a query of many short values once took
// minutes.
func TestCostOfKnownKeysIsBounded(t *testing.T) {
	srv := Start(t)
	for i := range 3000 {
		srv.known.add(strings.Repeat("k", 8+i) + fmt.Sprint(i))
	}
	if n := len(srv.known.keys); n > maxKnownKeys {
		t.Errorf("%d keys are remembered", n)
	}
	for name, query := range map[string]string{
		"many values":  strings.Repeat("a&", maxImageHeader/2),
		"many escapes": strings.Repeat("%6b", maxImageHeader/3),
		"one value":    strings.Repeat("k", maxImageHeader),
	} {
		n := allocated(func() {
			req := httptest.NewRequest(http.MethodGet, "/x?"+query, nil)
			srv.images.search(req)
		})
		if n > 32<<20 {
			t.Errorf("%s: %d MB", name, n>>20)
		}
	}
	long := strings.Repeat("x", maxKnownKey+1)
	known := newKnownKeys("")
	if known.add(long); len(known.keys) != 0 {
		t.Error("a key of any length is remembered")
	}
}

// A request with many credentials is not searched for each of them, and shows
// none of them.
func TestManyCredentials(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 10_000 {
		many = append(many, fmt.Sprintf("secret-number-%d", i))
	}
	for _, n := range []int{1, maxScrubbed, maxScrubbed + 1, len(many)} {
		srv := Start(t)
		header := http.Header{"Authorization": many[:n], "X-Copy": {many[n-1], "plain"}}
		serveAlone(srv, http.MethodPost, frozen.Path("deleteImagesTask")+"?q="+many[n-1], jsonType, `{"taskids":["`+many[n-1]+`"]}`, header)
		r := srv.Requests()[0]
		text := fmt.Sprintf("%s %s %v %s", r.Path, r.Query, r.Header, r.Body)
		if strings.Contains(text, "secret-number") {
			t.Errorf("%d credentials: recorded %.2000s", n, text)
		}
		if kept := strings.Contains(text, "plain"); kept != (n <= maxScrubbed) {
			t.Errorf("%d credentials: the rest is kept: %t", n, kept)
		}
	}
	keys := credentials(http.Header{"Authorization": slices.Repeat([]string{"the same key"}, 1000)}, map[string]bool{"Authorization": true})
	if len(keys) != 1 {
		t.Errorf("one key counts %d times", len(keys))
	}
}

// What short headers and uploads take besides their bytes counts in the journal.
func TestJournalCountsOverhead(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	for i := range 1000 {
		header[fmt.Sprint(i)] = []string{"", ""}
	}
	j := newJournal()
	e := j.add(Request{Header: header})
	if j.bytes < 3000*headerOverhead {
		t.Errorf("1000 headers count as %d bytes", j.bytes)
	}
	before := j.bytes
	if j.setBody(e, nil, make([]Upload, 1000)); j.bytes-before < 1000*uploadOverhead {
		t.Errorf("1000 uploads count as %d bytes", j.bytes-before)
	}
}

func TestLongBoundaries(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{maxBoundary: 200, maxBoundary + 1: 400, 500_000: 400} {
		srv := Start(t)
		boundary := strings.Repeat("b", n)
		body := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n--" + boundary + "--\r\n"
		if got := serveAlone(srv, http.MethodPost, frozen.Path("seeDreamV4"), formType+"; boundary="+boundary, body, nil); got != want {
			t.Errorf("%d bytes: status %d, want %d", n, got, want)
		}
	}
}
