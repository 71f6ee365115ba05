package fakeapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The documented limits are too large to reach in a quick test, so these run
// against smaller ones.
func TestJournalLimits(t *testing.T) {
	t.Parallel()
	if j := newJournal(); j.maxCount != 10_000 || j.maxBytes != 64<<20 {
		t.Errorf("limits %d and %d are not the documented ones", j.maxCount, j.maxBytes)
	}
	cases := map[string]struct {
		maxCount, maxBytes int
		body               string
		want               string // the paths that are left of /0 to /6
	}{
		"number":                  {3, 1 << 20, "x", "/4 /5 /6"},
		"number reached":          {7, 1 << 20, "x", "/0 /1 /2 /3 /4 /5 /6"},
		"size":                    {100, 3800, strings.Repeat("x", 1000), "/5 /6"},
		"one request too large":   {100, 10, strings.Repeat("x", 1000), "/6"},
		"size of the heads alone": {100, 1, "", "/6"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := Start(t)
			srv.mu.Lock()
			srv.journal.maxCount, srv.journal.maxBytes = c.maxCount, c.maxBytes
			srv.mu.Unlock()
			for i := range 7 {
				res, err := srv.Client().Post(fmt.Sprintf("%s/%d", srv.URL, i), "", strings.NewReader(c.body))
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
			}
			var paths []string
			for _, r := range srv.Requests() {
				paths = append(paths, r.Path)
			}
			if got := strings.Join(paths, " "); got != c.want {
				t.Errorf("kept %s, want %s", got, c.want)
			}
			wantSize(t, srv)
		})
	}
}

// wantSize checks that the journal's count of bytes is that of its entries.
func wantSize(t *testing.T, srv *Server) {
	t.Helper()
	srv.mu.Lock()
	defer srv.mu.Unlock()
	size := 0
	for _, e := range srv.journal.entries {
		size += headSize(e.request) + len(e.request.Body)
	}
	if srv.journal.bytes != size {
		t.Errorf("the journal counts %d bytes and holds %d", srv.journal.bytes, size)
	}
}

// A body that arrives once its request has left the journal is not counted.
func TestJournalBodyAfterDrop(t *testing.T) {
	t.Parallel()
	j := &journal{maxCount: 1, maxBytes: 1 << 20}
	first := j.add(Request{Method: http.MethodPost})
	second := j.add(Request{Method: http.MethodPut})
	j.setBody(first, []byte("first"), nil)
	j.setBody(second, []byte("second"), []Upload{{Field: "f", Filename: "name", ContentType: "t"}})
	if all := j.list(); len(all) != 1 || string(all[0].Body) != "second" || j.bytes != len("PUTsecond"+"fnamet")+uploadOverhead {
		t.Errorf("kept %v in %d bytes", all, j.bytes)
	}
	j.reset()
	if len(j.list()) != 0 || j.bytes != 0 {
		t.Errorf("%d bytes are left after a reset", j.bytes)
	}
}
