package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// successSchema is the contract's schema of a confirmed deletion.
var successSchema = sync.OnceValues(func() (*openapi3.Schema, error) {
	doc, err := openapi3.NewLoader().LoadFromData(frozen.Spec())
	if err != nil {
		return nil, err
	}
	return doc.Components.Schemas["DeleteImagesTaskResponse"].Value, nil
})

// bothAgree reports whether the validator, on the last of repeated keys, and
// the struct both see a deletion that succeeded.
func bothAgree(t *testing.T, body []byte) bool {
	t.Helper()
	schema, err := successSchema()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return false
	}
	if object, _ := value.(map[string]any); object != nil {
		// Of what the contract describes only this may be missing, and so be null.
		if data, _ := object["data"].(map[string]any); data["status"] == nil {
			delete(data, "status")
		}
	}
	if schema.VisitJSON(value, openapi3.DisableSchemaErrorDetails()) != nil {
		return false
	}
	object := value.(map[string]any)
	data := object["data"].(map[string]any)
	status, _ := data["status"].(string)
	var decoded generated.DeleteImagesTaskResponse
	return json.Unmarshal(body, &decoded) == nil && decoded.Code == wrapper.CodeSuccess &&
		object["code"].(json.Number).String() == "1000" && decoded.Data.Status == status && decoded.Msg == object["msg"] &&
		!strings.EqualFold(status, "Failed")
}

// Any bytes as the body of a 200: no panic, no success that the validator and the
// struct do not both see, an error text that is fit to print, and all of it in a
// time that even a busy machine keeps to. A validator that formats what it
// refuses takes longer by far.
func FuzzResponseBody(f *testing.F) {
	for _, group := range responseGroups() {
		for _, row := range group.rows {
			if row.status == 200 && len(row.body) < 16<<10 {
				f.Add([]byte(row.body))
			}
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 64<<10 {
			t.Skip()
		}
		client := newClient(t, wrapper.DefaultBaseURL, testkit.Canned{Status: 200, Header: jsonHeader, Body: body})
		var got *generated.DeleteImagesTaskResponse
		var err error
		if took := quickest(3, func() { got, err = client.DeleteImagesTask(t.Context(), oneID) }); took > 2*time.Second {
			t.Errorf("took %v for %d bytes", took, len(body))
		}
		if err == nil != (got != nil) {
			t.Fatalf("got %v and %v", got, err)
		}
		if err == nil && !bothAgree(t, body) {
			t.Errorf("a success that not everybody sees: %+v", got)
		}
		if err != nil {
			checkText(t, err)
		}
		rsp, err := client.Generated().DeleteImagesTaskWithResponse(t.Context(), oneID)
		if err == nil && (rsp.JSON200 == nil || rsp.JSON200.Code != wrapper.CodeSuccess) {
			t.Errorf("a nil error with %+v", rsp.JSON200)
		}
	})
}

// quickest returns the shortest of a few runs, since the machine may be busy. One
// that is fast enough is the last.
func quickest(times int, do func()) time.Duration {
	best := time.Duration(1<<63 - 1)
	for range times {
		start := time.Now()
		do()
		if best = min(best, time.Since(start)); best < 10*time.Millisecond {
			break
		}
	}
	return best
}

// Whatever a server sends or a transport returns, an error is one short line.
func FuzzErrorText(f *testing.F) {
	f.Add(500, "Internal error", "req-1", "text/html", "connection reset", "10")
	f.Add(429, "\x00\u202e\u2028\xff", "\r\n\x1b[31m", "application/json; charset", testKey, "-1")
	f.Add(200, `","code":9999,"msg":"`+testKey, testKey, "application/json", strings.Repeat("\\\"\u00e9", 300), "99999999999999999999")
	f.Add(307, strings.Repeat("\U000e0041", 500), strings.Repeat("\"", 500), "", strings.Repeat("\u2028", 500), "Wed, 21 Oct 2015 07:28:00 GMT")
	f.Fuzz(func(t *testing.T, status int, msg, requestID, contentType, cause, retryAfter string) {
		header := http.Header{"Content-Type": {contentType}, "X-Request-Id": {requestID}, "Retry-After": {retryAfter}}
		quoted, _ := json.Marshal(msg)
		for _, c := range []testkit.Canned{
			{Status: status, Header: header, Body: []byte(`{"code":9999,"msg":` + string(quoted) + `}`)},
			{Status: 200, Header: header, Body: []byte(`{"code":1000,"msg":"` + msg + `","data":{"status":"Failed"}}`)},
			{Status: 200, Header: jsonHeader, Body: []byte(`{` + string(quoted) + `:1,` + string(quoted) + `:2}`)},
			{Status: status, Header: header, Body: []byte(msg)},
			{Err: errors.New(cause)},
		} {
			client := newClient(t, wrapper.DefaultBaseURL, c)
			_, err := client.DeleteImagesTask(t.Context(), oneID)
			if err != nil && !strings.Contains(cause+msg+requestID, canary) {
				checkText(t, err)
			}
		}
	})
}
