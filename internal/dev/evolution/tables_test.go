package evolution

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// rewrite is for maintainers who added a row: it writes what came out of each call to
// the tables, to be read in the difference.
var rewrite = flag.Bool("rewrite", false, "write the verdicts of the tables in testdata as they are now")

// row is a contract of a table in testdata: history.json has the shapes that the
// vendor's document had, edits.json single edits of it, and makers.json small documents
// in the ways of other makers.
type row struct {
	Name     string          `json:"name"`
	Refusal  string          `json:"refusal,omitempty"`  // a part of the reason why it can't be imported
	Ignored  int             `json:"ignored,omitempty"`  // how many things in it have no effect
	Patch    difftest.Object `json:"patch,omitempty"`    // a JSON Merge Patch of the frozen contract
	Document difftest.Object `json:"document,omitempty"` // the whole document, in place of Patch
	Calls    []call          `json:"calls"`
}

// call is a request, and a response if Status is not 0.
type call struct {
	To       string            `json:"to"` // method and path
	Header   map[string]string `json:"header,omitempty"`
	Type     string            `json:"type,omitempty"` // of the request's body; JSON if empty
	Body     string            `json:"body,omitempty"`
	Status   int               `json:"status,omitempty"`
	Media    *string           `json:"media,omitempty"` // of the response's body; JSON if nil
	Response string            `json:"response,omitempty"`
	Want     string            `json:"want"` // "ok", or what is wrong with the request or the response
}

// Each contract of the tables is refused in one line that names a place, or each call
// of it is judged rightly, and nothing that has no effect is passed over in silence.
func TestTables(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"history", "edits", "makers"} {
		file := filepath.Join("testdata", table+".json")
		var rows []row
		if err := json.Unmarshal(readFile(t, file), &rows); err != nil {
			t.Fatal(err)
		}
		t.Run(table, func(t *testing.T) {
			for i := range rows {
				t.Run(fileName(rows[i].Name), func(t *testing.T) { rows[i].check(t) })
			}
		})
		if *rewrite {
			writeFile(t, file, tableText(t, rows))
		}
	}
}

// tableText writes one row on each line.
func tableText(t *testing.T, rows []row) []byte {
	t.Helper()
	var lines []string
	for _, r := range rows {
		var line strings.Builder
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSpace(line.String()))
	}
	return []byte("[\n" + strings.Join(lines, ",\n") + "\n]\n")
}

func (r *row) check(t *testing.T) {
	document := any(r.Document)
	if r.Document == nil {
		document = difftest.Merge(base(t), r.Patch)
	}
	text := difftest.Encode(t, document)
	if *documents != "" {
		writeFile(t, filepath.Join(*documents, "table-"+fileName(r.Name)+".json"), text)
	}
	if err := codegen.Validate(text); err != nil {
		if *rewrite {
			r.Refusal = err.Error()
		}
		if r.Refusal == "" || !strings.Contains(err.Error(), r.Refusal) || strings.Contains(err.Error(), "\n") {
			t.Errorf("refused: %v; want %q", err, r.Refusal)
		}
		return
	}
	notes, err := codegen.Notes(text)
	if *rewrite {
		r.Ignored = len(notes)
	}
	if err != nil || r.Refusal != "" || len(notes) != r.Ignored {
		t.Errorf("%q have no effect, %v; want %d, and the refusal %q", notes, err, r.Ignored, r.Refusal)
	}
	doc, err := contract.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Calls {
		c := &r.Calls[i]
		got := c.outcome(t, doc)
		if *rewrite {
			c.Want = got
		}
		if got != c.Want || got == "" {
			t.Errorf("%s %s, response %d %s: got %q, want %q", c.To, c.Body, c.Status, c.Response, got, c.Want)
		}
	}
}

// outcome judges a call as the client does.
func (c *call) outcome(t *testing.T, doc *contract.Document) string {
	t.Helper()
	method, path, _ := strings.Cut(c.To, " ")
	server := &url.URL{Scheme: "https", Host: "a.example.com"}
	req, err := http.NewRequestWithContext(t.Context(), method, server.String()+path, strings.NewReader(c.Body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range c.Header {
		req.Header.Set(name, value)
	}
	if c.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Type != "" {
		req.Header.Set("Content-Type", c.Type)
	}
	op, values, reason := doc.FindBelow(server, req)
	if op == nil {
		return "refused: " + reason
	}
	if fault := op.CheckParameters(req, values); fault != nil {
		return "refused: " + fault.Place() + " " + fault.Found[0].Keyword
	}
	if found, err := op.CheckHTTPRequest(req); found != nil || err != nil {
		return fmt.Sprintf("refused: %s %s", found.Pointer, found.Keyword)
	}
	if c.Status == 0 {
		return "ok"
	}
	return c.judged(op)
}

// judged judges the response.
func (c *call) judged(op *contract.Operation) string {
	media := "application/json"
	if c.Media != nil {
		media = *c.Media
	}
	resp := &http.Response{StatusCode: c.Status, Header: http.Header{"Content-Type": {media}}}
	body := contract.ReadJSON([]byte(c.Response))
	const success = 1000
	verdict, code := op.VerdictOf(resp, body, success)
	found, _ := op.CheckResponse(resp, body, true)
	texts := map[string]bool{}
	for _, v := range found {
		texts[v.Pointer+" "+v.Keyword] = true
	}
	switch isFailure := verdict == contract.Failure || c.Status/100 != 2; {
	case op.Proves(resp, []byte(c.Response), success) && (isFailure || len(texts) > 0):
		return "" // the fast way must never say more than the long one
	case isFailure:
		return fmt.Sprintf("failure %d", code)
	case len(texts) > 0:
		return "violates: " + strings.Join(slices.Sorted(maps.Keys(texts)), ", ")
	case verdict == contract.BareFailure:
		return fmt.Sprintf("failure %d", code)
	case verdict == contract.NoCode:
		return "no code"
	}
	return "ok"
}
