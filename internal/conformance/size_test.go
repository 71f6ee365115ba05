package conformance

import (
	"fmt"
	"math"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const limit = wrapper.DefaultMaxResponseBytes

func deep(open, inner, end string, depth int) string {
	return strings.Repeat(open, depth) + inner + strings.Repeat(end, depth)
}

// Depth costs neither the stack nor time.
func nestingRows() []responseRow {
	return []responseRow{
		{"an extra 9,990 deep", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":` + deep("[", "", "]", 9990) + `}`, success("ok", "")},
		{"data 9,990 deep", 200, asJSON, `{"code":1000,"msg":"ok","data":` + deep("[", "", "]", 9990) + `}`, violates("/data type")},
		{"status 1,500 objects deep", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":` + deep(`{"a":`, "1", "}", 1500) + `}}`, violates("/data/status type")},
		{"data in data 1,500 deep", 200, asJSON, `{"code":1000,"msg":"ok","data":` + deep(`{"data":`, "{}", "}", 1500) + `}`, success("ok", "")},
		{"9,990 arrays", 200, asJSON, deep("[", "", "]", 9990), violates(" type")},
		{"10,001 arrays", 200, asJSON, deep("[", "", "]", 10001), violates(" json")},
		{"100,000 arrays, not closed", 200, asJSON, strings.Repeat("[", 100000), violates(" json")},
		{"100,000 objects, not closed", 200, asJSON, strings.Repeat(`{"a":`, 100000), violates(" json")},
		{"repeated key 5,000 deep", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":` + deep(`{"a":`, `{"b":1,"b":2}`, "}", 5000) + `}`, violatesSomehow()},
		{"9,990 deep in an error's body", 502, asJSON, deep("[", "", "]", 9990), doubtful(0, "", wrapper.ErrServer)},
	}
}

// Numbers of things cost neither time nor an error text of their size.
func manyRows() []responseRow {
	items := strings.Repeat("0,", 20000)
	var keys, repeated strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&keys, `,"key%d":%d`, i, i)
		fmt.Fprintf(&repeated, `,"r%d":0,"r%d":0`, i, i)
	}
	return []responseRow{
		{"an extra of 20,000 items", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":[` + items + `0]}`, success("ok", "")},
		{"data of 20,000 items", 200, asJSON, `{"code":1000,"msg":"ok","data":[` + items + `0]}`, violates("/data type")},
		{"20,000 items in place of the object", 200, asJSON, `[` + items + `0]`, violates(" type")},
		{"5,000 extras", 200, asJSON, `{"code":1000,"msg":"ok","data":{}` + keys.String() + `}`, success("ok", "")},
		{"5,000 extras in data", 200, asJSON, `{"code":1000,"msg":"ok","data":{"x":0` + keys.String() + `}}`, success("ok", "")},
		{"5,000 repeated keys", 200, asJSON, `{"code":1000,"msg":"ok","data":{}` + repeated.String() + `}`, violatesManyTimes()},
		{"a repeated key of 100 KB", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"` + strings.Repeat("k", 100<<10) + `":1,"` + strings.Repeat("k", 100<<10) + `":2}`, violatesSomehow()},
		{"100,000 white spaces in an error's body", 400, asJSON, strings.Repeat(" ", 100000) + refusalBody, refused(9999, "Invalid parameters", wrapper.ErrFailure)},
	}
}

// The service's message is quoted on one line, whatever is in it.
var textRows = []responseRow{
	{"control characters", 200, asJSON, `{"code":9999,"msg":"a\u0000b\u0007c\u001b[31md\u007fe\u0085f\r\ng\th"}`, refused(9999, "a\x00b\ac\x1b[31md\x7fe\u0085f\r\ng\th", wrapper.ErrFailure)},
	{"right-to-left override", 200, asJSON, "{\"code\":9999,\"msg\":\"a\u202eb\u2066c\u200fd\"}", refused(9999, "a\u202eb\u2066c\u200fd", wrapper.ErrFailure)},
	{"line and paragraph separators", 200, asJSON, "{\"code\":9999,\"msg\":\"a\u2028b\u2029c\"}", refused(9999, "a\u2028b\u2029c", wrapper.ErrFailure)},
	{"zero width, tags, private use, noncharacters", 200, asJSON, "{\"code\":9999,\"msg\":\"a\u200bb\ufeffc\U000e0041d\ue000e\uffffF\U0010ffff\"}", refused(9999, "a\u200bb\ufeffc\U000e0041d\ue000e\uffffF\U0010ffff", wrapper.ErrFailure)},
	{"quotes and backslashes", 200, asJSON, `{"code":9999,"msg":"\"\\\"\\\\'` + "`" + `%s%d%!"}`, refused(9999, `"\"\\'`+"`%s%d%!", wrapper.ErrFailure)},
	{"half a surrogate pair", 200, asJSON, `{"code":9999,"msg":"\udfff\ud800"}`, refused(9999, "\ufffd\ufffd", wrapper.ErrFailure)},
	{"100 KB", 200, asJSON, `{"code":9999,"msg":"` + strings.Repeat("x", 100<<10) + `"}`, refused(9999, strings.Repeat("x", 100<<10), wrapper.ErrFailure)},
	{"30 KB that grow when quoted", 200, asJSON, `{"code":9999,"msg":"` + strings.Repeat("\u2028", 10<<10) + `"}`, refused(9999, strings.Repeat("\u2028", 10<<10), wrapper.ErrFailure)},
	{"100 KB at 500", 500, asJSON, `{"code":9999,"msg":"` + strings.Repeat("é", 50<<10) + `"}`, doubtful(9999, strings.Repeat("é", 50<<10), wrapper.ErrServer, wrapper.ErrFailure)},
}

// The limit counts the bytes that come out of decompression.
func sizeRows() []responseRow {
	at := successBody + strings.Repeat(" ", limit-len(successBody))
	chunked := header{"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
	wire := func(length int, body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", length, body)
	}
	return []responseRow{
		{"limit", 200, asJSON, at, success("Successfully", "Success")},
		{"limit+1", 200, asJSON, at + " ", tooLarge()},
		{"limit, chunked", 200, chunked, at, success("Successfully", "Success")},
		{"limit+1, chunked", 200, chunked, at + " ", tooLarge()},
		{"limit, gzip", 200, gzipJSON, testkit.Gzip(at), success("Successfully", "Success")},
		{"limit+1, gzip", 200, gzipJSON, testkit.Gzip(at + " "), tooLarge()},
		{"64 MB in gzip", 200, gzipJSON, bomb(), tooLarge()},
		{"64 MB in gzip at 502", 502, gzipJSON, bomb(), doubtful(1000, "Successfully", wrapper.ErrServer, wrapper.ErrResponseTooLarge)},
		{"limit+1 with code 9999", 200, asJSON, refusalBody + strings.Repeat(" ", limit), tooLarge()},
		{"limit+1 at 201", 201, asJSON, at + " ", tooLarge()},
		{"limit+1 of HTML", 200, header{"Content-Type": "text/html"}, strings.Repeat("x", limit+1), tooLarge()},
		{"announces 2 GB, sends a success", raw, nil, wire(math.MaxInt32, successBody), tooLarge()},
		{"announces more than it sends", raw, nil, wire(100, successBody), lost()},
		{"announces less than it sends", raw, nil, wire(30, successBody), violates(" json")},
		{"announces 0, sends a success", raw, nil, wire(0, successBody), violates(" json")},
		{"announces a negative length", raw, nil, wire(-1, successBody), lost()},
		{"announces two lengths", raw, nil, "HTTP/1.1 200 OK\r\nContent-Length: 62\r\n" + wire(30, successBody)[len("HTTP/1.1 200 OK\r\n"):], lost()},
		{"announces no length, ends with the connection", raw, nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + successBody, success("Successfully", "Success")},
		{"cut at 502", raw, nil, strings.Replace(wire(100, refusalBody[:20]), "200 OK", "502 Bad Gateway", 1), doubtful(0, "", wrapper.ErrServer).at(502)},
	}
}

var gzipJSON = header{"Content-Type": "application/json", "Content-Encoding": "gzip"}

// An encoding that can't be undone leaves nothing that could be judged.
func encodingRows() []responseRow {
	encoded := func(encoding string) header {
		return header{"Content-Type": "application/json", "Content-Encoding": encoding}
	}
	return []responseRow{
		{"gzip", 200, gzipJSON, testkit.Gzip(successBody), success("Successfully", "Success")},
		{"gzip in two members", 200, gzipJSON, testkit.Gzip(successBody[:20]) + testkit.Gzip(successBody[20:]), success("Successfully", "Success")},
		{"GZIP", 200, encoded("GZIP"), testkit.Gzip(successBody), success("Successfully", "Success")},
		{"code 9000 in gzip", 200, gzipJSON, testkit.Gzip(`{"code":9000,"msg":"no"}`), refused(9000, "no", wrapper.ErrInsufficientCredits)},
		{"HTML in gzip", 200, gzipJSON, testkit.Gzip(htmlPage), violates(" json")},
		{"gzip without Content-Encoding", 200, asJSON, testkit.Gzip(successBody), violates(" json")},
		{"gzip twice", 200, encoded("gzip, gzip"), testkit.Gzip(testkit.Gzip(successBody)), violates(" json")},
		{"brotli", 200, encoded("br"), "\x0b\x1e\x80" + successBody, violates(" json")},
		{"not gzip at all", 200, gzipJSON, successBody, lost()},
		{"gzip cut off", 200, gzipJSON, testkit.Gzip(successBody)[:40], lost()},
		{"gzip with a wrong checksum", 200, gzipJSON, corrupted(testkit.Gzip(successBody)), lost()},
		{"gzip, then other bytes", 200, gzipJSON, testkit.Gzip(successBody) + canary, lost()},
		{"gzip of nothing", 200, gzipJSON, testkit.Gzip(""), violates(" json")},
		{"empty, labelled gzip", 200, gzipJSON, "", violates(" json")},
	}
}

// corrupted returns a gzip member with a wrong checksum.
func corrupted(member string) string {
	b := []byte(member)
	b[len(b)-8] ^= 0xff
	return string(b)
}

// bomb returns 65 KB that inflate to 64 MB of JSON.
func bomb() string {
	return testkit.Gzip(successBody) + strings.Repeat(testkit.Gzip(strings.Repeat(" ", 1<<20)), 64)
}
