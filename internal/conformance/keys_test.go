package conformance

import (
	"strings"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A repeated key: the validator keeps the last, the struct merges, and other
// readers keep the first. What such a response means is unknown.
var repeatedKeyRows = []responseRow{
	{"code, equal", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"code":1000}`, violates("/code uniqueKeys")},
	{"code, last 1000", 200, asJSON, `{"code":9999,"msg":"ok","data":{},"code":1000}`, violates("/code uniqueKeys")},
	{"code, last 9999", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"code":9999}`, violates("/code uniqueKeys")},
	{"code, twice 9999", 200, asJSON, `{"code":9999,"msg":"no","code":9999,"data":{}}`, violates("/code uniqueKeys")},
	{"code, once in escapes", 200, asJSON, `{"code":9999,"msg":"ok","data":{},"\u0063\u006fde":1000}`, violates("/code uniqueKeys")},
	{"code, three times", 200, asJSON, `{"code":1000,"code":1,"msg":"ok","data":{},"code":1000}`, violates("/code uniqueKeys")},
	{"msg", 200, asJSON, `{"code":1000,"msg":"a","msg":"b","data":{}}`, violates("/msg uniqueKeys")},
	{"data, which the struct merges", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"Failed"},"data":{}}`, violates("/data uniqueKeys")},
	{"status", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"Failed","status":"Success"}}`, violates("/data/status uniqueKeys")},
	{"status in escapes", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"Failed","\u0073tatus":"Success"}}`, violates("/data/status uniqueKeys")},
	{"an extra", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":1,"x":2}`, violates("/x uniqueKeys")},
	{"an extra in an extra", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":[0,{"a":{},"a":"` + canary + `"}]}`, violates("/x/1/a uniqueKeys")},
	{"the empty key", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"":1,"":2}`, violates("/ uniqueKeys")},
	{"a key that the pointer escapes", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"a/b~c":1,"a\/b~c":2}`, violates("/a~1b~0c uniqueKeys")},
	{"a key of control characters", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"\u0000\n\u202e":1,"\u0000\n\u202e":2}`, violates("/\x00\n\u202e uniqueKeys")},
	{"two of them", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"data":{},"msg":"ok"}`, violates("/data uniqueKeys", "/msg uniqueKeys")},
	{"and a schema violated", 200, asJSON, `{"code":1000,"msg":5,"data":{},"x":1,"x":1}`, violates("/msg type", "/x uniqueKeys")},
	{"two of them, 500 times each", 200, asJSON, `{"code":1000,"msg":"ok","data":{}` + strings.Repeat(`,"x":1`, 500) + strings.Repeat(`,"data":{}`, 500) + `}`, violates("/data uniqueKeys", "/x uniqueKeys")},
	{"in an error's body", 400, asJSON, `{"code":9999,"msg":"a","msg":"b"}`, refused(0, "")},
}

// A key that equals a declared one but for case: the struct reads it, the
// validator does not.
var otherCaseRows = []responseRow{
	{"Code in place of code", 200, asJSON, `{"Code":1000,"msg":"ok","data":{}}`, violates("/Code keyCase", "/code required")},
	{"Code after code", 200, asJSON, `{"code":9999,"Code":1000,"msg":"ok","data":{}}`, violates("/Code keyCase")},
	{"CODE before code", 200, asJSON, `{"CODE":9999,"code":1000,"msg":"ok","data":{}}`, violates("/CODE keyCase")},
	{"cOdE in escapes", 200, asJSON, `{"code":1000,"c\u004fdE":9999,"msg":"ok","data":{}}`, violates("/cOdE keyCase")},
	{"MSG with 9999", 200, asJSON, `{"code":9999,"msg":"no","MSG":"ok","data":{}}`, violates("/MSG keyCase")},
	{"msg with a long s", 200, asJSON, "{\"code\":1000,\"msg\":\"ok\",\"m\u017fg\":\"" + canary + "\",\"data\":{}}", violates("/m\u017fg keyCase")},
	{"msg with a long s, in escapes, alone", 200, asJSON, `{"code":1000,"m\u017fg":"ok","data":{}}`, violates("/msg required", "/m\u017fg keyCase")},
	{"Data after data", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"Data":{"status":"Failed"}}`, violates("/Data keyCase")},
	{"DATA in place of data", 200, asJSON, `{"code":1000,"msg":"ok","DATA":{}}`, violates("/DATA keyCase", "/data required")},
	{"Status in data", 200, asJSON, `{"code":1000,"msg":"ok","data":{"Status":"Failed"}}`, violates("/data/Status keyCase")},
	{"STATUS after status", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"Success","STATUS":"Failed"}}`, violates("/data/STATUS keyCase")},
	{"status with long s at both ends", 200, asJSON, "{\"code\":1000,\"msg\":\"ok\",\"data\":{\"\u017ftatu\u017f\":\"Failed\"}}", violates("/data/\u017ftatu\u017f keyCase")},
	{"several", 200, asJSON, `{"code":1000,"Code":1,"msg":"ok","Msg":"x","data":{"STATUS":""},"DATA":{}}`, violates("/Code keyCase", "/DATA keyCase", "/Msg keyCase", "/data/STATUS keyCase")},
	{"in an error's body", 400, asJSON, `{"code":9000,"Code":9999,"msg":"no"}`, refused(0, "")},
}

// Numbers that are integers to one and not to the other.
var numberRows = []responseRow{
	{"1000.0", 200, asJSON, `{"code":1000.0,"msg":"ok","data":{}}`, violates("/code type")},
	{"1e3", 200, asJSON, `{"code":1e3,"msg":"ok","data":{}}`, violates("/code type")},
	{"1E+3", 200, asJSON, `{"code":1E+3,"msg":"ok","data":{}}`, violates("/code type")},
	{"10000e-1", 200, asJSON, `{"code":10000e-1,"msg":"ok","data":{}}`, violates("/code type")},
	{"1000.5", 200, asJSON, `{"code":1000.5,"msg":"ok","data":{}}`, violates("/code type")},
	{"1000 and a bit", 200, asJSON, `{"code":1000.0000000000000000000001,"msg":"ok","data":{}}`, violates("/code type")},
	{"9999.0", 200, asJSON, `{"code":9999.0,"msg":"no","data":{}}`, violates("/code type")},
	{"2^63", 200, asJSON, `{"code":9223372036854775808,"msg":"ok","data":{}}`, violates("/code type")},
	{"-2^63-1", 200, asJSON, `{"code":-9223372036854775809,"msg":"ok","data":{}}`, violates("/code type")},
	{"2^64+1000", 200, asJSON, `{"code":18446744073709552616,"msg":"ok","data":{}}`, violates("/code type")},
	{"1e308", 200, asJSON, `{"code":1e308,"msg":"ok","data":{}}`, violates("/code type")},
	{"1e400", 200, asJSON, `{"code":1e400,"msg":"ok","data":{}}`, violates("/code type")},
	{"1000 digits", 200, asJSON, `{"code":1` + strings.Repeat("0", 999) + `,"msg":"ok","data":{}}`, violates("/code type")},
	{"1000 digits of nothing", 200, asJSON, `{"code":1000.` + strings.Repeat("0", 999) + `,"msg":"ok","data":{}}`, violates("/code type")},
	{"-0", 200, asJSON, `{"code":-0,"msg":"no","data":{}}`, doubtful(0, "no")},
	{"-0.0", 200, asJSON, `{"code":-0.0,"msg":"no","data":{}}`, violates("/code type")},
	{"2^31", 200, asJSON, `{"code":2147483647,"msg":"no","data":{}}`, doubtful(2147483647, "no")},
	{"in an error's body", 400, asJSON, `{"code":9e3,"msg":"no"}`, refused(0, "no")},
	{"-1000", 400, asJSON, `{"code":-1000,"msg":"no"}`, refused(-1000, "no")},
	{"9000", 500, asJSON, `{"code":9000,"msg":"no"}`, doubtful(9000, "no", wrapper.ErrServer, wrapper.ErrInsufficientCredits)},
}
