package conformance

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A 2xx that the contract does not document is no success, whatever its body.
var undocumentedRows = []responseRow{
	{"201 with a success", 201, asJSON, successBody, violates(" status")},
	{"202 with a success", 202, asJSON, successBody, violates(" status")},
	{"203 with a success", 203, asJSON, successBody, violates(" status")},
	{"204", 204, asJSON, "", violates(" status")},
	{"204 without a media type", 204, header{"Content-Type": ""}, "", violates(" status")},
	{"205", 205, asJSON, "", violates(" status")},
	{"206 with a success", 206, header{"Content-Type": "application/json", "Content-Range": "bytes 0-61/62"}, successBody, violates(" status")},
	{"207 with HTML", 207, header{"Content-Type": "text/html"}, htmlPage, violates(" status")},
	{"226 with a success", 226, asJSON, successBody, violates(" status")},
	{"299 empty", 299, asJSON, "", violates(" status")},
}

// plainRefusals are the statuses that say that the service did not act.
var plainRefusals = []int{400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 503}

// doubtfulStatuses may come after the work was done.
var doubtfulStatuses = []int{500, 501, 502, 504, 505, 507, 508, 511, 520, 522, 529, 530, 599, 600, 700, 999}

// statusRows: any status but a 2xx is a refusal, with code and msg if the body has
// them. A body that looks like a success puts it in doubt, and an HTML page is a
// gateway's.
func statusRows() []responseRow {
	var rows []responseRow
	add := func(status int, judge func(int, string, ...error) verdict) {
		kind := statusSentinels(status)
		rows = append(rows,
			responseRow{fmt.Sprintf("%d with code 9999", status), status, asJSON, refusalBody, judge(9999, "Invalid parameters", append(kind, wrapper.ErrFailure)...)},
			responseRow{fmt.Sprintf("%d with a success", status), status, asJSON, successBody, doubtful(1000, "Successfully", kind...)},
			responseRow{fmt.Sprintf("%d with HTML", status), status, header{"Content-Type": "text/html"}, htmlPage, judge(0, "", ofPage(status, kind)...)},
			responseRow{fmt.Sprintf("%d empty", status), status, header{"Content-Type": ""}, "", judge(0, "", kind...)},
		)
	}
	for _, status := range plainRefusals {
		add(status, refused)
	}
	for _, status := range doubtfulStatuses {
		add(status, doubtful)
	}
	return rows
}

// ofPage is what is left of the sentinels where the body is an HTML page: a 403 is
// about the key only if the service itself sent it.
func ofPage(status int, kind []error) []error {
	if status == http.StatusForbidden {
		return nil
	}
	return kind
}

func statusSentinels(status int) []error {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return []error{wrapper.ErrUnauthorized}
	case status == http.StatusTooManyRequests:
		return []error{wrapper.ErrRateLimited}
	case status >= 500 && status <= 599:
		return []error{wrapper.ErrServer}
	}
	return nil
}

// What an error's body may look like, by the documented 400.
var errorBodyRows = []responseRow{
	{"9000", 400, asJSON, `{"code":9000,"msg":"no credits"}`, refused(9000, "no credits", wrapper.ErrInsufficientCredits)},
	{"with data and extras", 400, asJSON, `{"code":9999,"msg":"no","data":{"status":"Failed"},"x":"` + canary + `"}`, refused(9999, "no", wrapper.ErrFailure)},
	{"labelled text/plain", 400, header{"Content-Type": "text/plain"}, refusalBody, refused(9999, "Invalid parameters", wrapper.ErrFailure)},
	{"without a media type", 400, header{"Content-Type": ""}, refusalBody, refused(9999, "Invalid parameters", wrapper.ErrFailure)},
	{"msg missing", 400, asJSON, `{"code":9999}`, refused(9999, "", wrapper.ErrFailure)},
	{"msg null", 400, asJSON, `{"code":9999,"msg":null}`, refused(9999, "", wrapper.ErrFailure)},
	{"msg an object", 400, asJSON, `{"code":9999,"msg":{"a":"` + canary + `"}}`, refused(9999, "", wrapper.ErrFailure)},
	{"code missing", 400, asJSON, `{"msg":"no"}`, refused(0, "no")},
	{"code a string", 400, asJSON, `{"code":"9000","msg":"no"}`, refused(0, "no")},
	{"code a fraction", 400, asJSON, `{"code":9000.5,"msg":"no"}`, refused(0, "no")},
	{"code beyond int", 400, asJSON, `{"code":99999999999999999999,"msg":"no"}`, refused(0, "no")},
	{"an array", 400, asJSON, `[{"code":9999,"msg":"no"}]`, refused(0, "")},
	{"null", 400, asJSON, `null`, refused(0, "")},
	{"cut off", 400, asJSON, `{"code":9999,"msg":"no`, refused(0, "")},
	{"bytes after it", 400, asJSON, refusalBody + canary, refused(0, "")},
	{"invalid UTF-8", 400, asJSON, "{\"code\":9999,\"msg\":\"\xff\xfe\"}", refused(0, "")},
	{"gzip", 400, gzipJSON, testkit.Gzip(refusalBody), refused(9999, "Invalid parameters", wrapper.ErrFailure)},
	{"larger than is kept", 400, asJSON, `{"code":9999,"msg":"no","x":"` + strings.Repeat(canary, 1000) + `"}`, refused(9999, "no", wrapper.ErrFailure)},
	{"over the limit", 400, asJSON, `{"code":9999,"msg":"no"}` + strings.Repeat(" ", wrapper.DefaultMaxResponseBytes), refused(9999, "no", wrapper.ErrFailure, wrapper.ErrResponseTooLarge)},
	{"status 000", raw, nil, "HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n", doubtful(0, "").at(0)},
	{"status 099", raw, nil, "HTTP/1.1 099 Early\r\nContent-Length: 0\r\n\r\n", doubtful(0, "").at(99)},
}

// redirectRows: no redirect is followed, with or without a usable Location.
func redirectRows() []responseRow {
	locations := []struct{ name, value string }{
		{"without Location", ""},
		{"to the same server", "/elsewhere"},
		{"to another port", "{other}/elsewhere"},
		{"to another host", "https://evil.invalid" + frozen.Path("deleteImagesTask")},
		{"to no URL", "http://[::1/%zz"},
		{"to another scheme", "ftp://evil.invalid/"},
	}
	var rows []responseRow
	for _, status := range []int{300, 301, 302, 303, 304, 305, 306, 307, 308, 310, 399} {
		for _, l := range locations {
			name := fmt.Sprintf("%d %s", status, l.name)
			h := header{"Content-Type": "text/html", "Location": l.value}
			rows = append(rows, responseRow{name, status, h, "", refused(0, "", wrapper.ErrRedirected)})
		}
	}
	return append(rows,
		responseRow{"302 with a success", 302, header{"Content-Type": "application/json", "Location": "/elsewhere"}, successBody, doubtful(1000, "Successfully", wrapper.ErrRedirected)},
		responseRow{"307 with code 9999", 307, header{"Content-Type": "application/json", "Location": "/elsewhere"}, refusalBody, refused(9999, "Invalid parameters", wrapper.ErrRedirected, wrapper.ErrFailure)},
	)
}

// Interim responses are not the response.
var informationalRows = []responseRow{
	{"100, then a success", raw, nil, "HTTP/1.1 100 Continue\r\n\r\n" + rawSuccess, success("Successfully", "Success")},
	{"102 and 103, then a success", raw, nil, "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + rawSuccess, success("Successfully", "Success")},
	{"199, then a refusal", raw, nil, "HTTP/1.1 199 What\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", refused(0, "").at(400)},
	{"103, then the end", raw, nil, "HTTP/1.1 103 Early Hints\r\n\r\n", lost()},
	{"101 in place of a response", raw, nil, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: tea\r\n\r\n" + rawSuccess, doubtful(0, "").at(101)},
}

const rawSuccess = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 62\r\n\r\n" + successBody
