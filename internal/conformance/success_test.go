package conformance

import "github.com/tensorslab/tensorslab-go/wrapper"

// 200, application/json, satisfies the schema, code 1000: the response.
var successRows = []responseRow{
	{"the contract's example", 200, asJSON, successBody, success("Successfully", "Success")},
	{"keys in another order", 200, asJSON, `{"data":{"status":"Success"},"msg":"ok","code":1000}`, success("ok", "Success")},
	{"white space everywhere", 200, asJSON, " \t\r\n{ \"code\" :\r\n1000 ,\t\"msg\": \"ok\" , \"data\" : { } } \n\n", success("ok", "")},
	{"empty data object", 200, asJSON, `{"code":1000,"msg":"ok","data":{}}`, success("ok", "")},
	{"empty msg", 200, asJSON, `{"code":1000,"msg":"","data":{}}`, success("", "")},
	{"unknown status word", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"Queued"}}`, otherStatus("ok", "Queued")},
	{"success in small letters", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":" success "}}`, success("ok", " success ")},
	{"empty status word", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":""}}`, success("ok", "")},
	{"extra fields of every type", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"Success","a":null,"b":[1,{"c":true}]},"x":{},"y":1e400,"z":-0.0,"":"` + canary + `"}`, success("ok", "Success")},
	{"escapes in strings", 200, asJSON, `{"code":1000,"msg":"\u004f\u004B \ud83d\ude00 \"\\\/\b\f\n\r\t","data":{"status":"\u0053uccess"}}`, success("OK 😀 \"\\/\b\f\n\r\t", "Success")},
	{"escapes in keys", 200, asJSON, `{"\u0063ode":1000,"m\u0073g":"ok","\u0064ata":{"s\u0074atus":"Success"}}`, success("ok", "Success")},
	{"half a surrogate pair", 200, asJSON, `{"code":1000,"msg":"a\ud800b","data":{}}`, violates("/msg json")},
	{"other scripts", 200, asJSON, `{"code":1000,"msg":"已删除 удалено محذوف 😀","data":{}}`, success("已删除 удалено محذوف 😀", "")},
	{"an extra key that folds to no declared one", 200, asJSON, "{\"code\":1000,\"msg\":\"ok\",\"data\":{},\"\u212a\":1,\"cod\u00e9\":2,\"code \":3}", success("ok", "")},
	{"declared names where they are not declared", 200, asJSON, `{"code":1000,"msg":"ok","data":{"Code":1,"MSG":2},"x":[{"Code":9999,"Data":{"Status":"Failed"}}],"status":"Failed"}`, success("ok", "")},
}

// 2xx with code and msg well formed, and the code not 1000: the service's own
// refusal, whatever else the response lacks, if the contract names the code.
var businessRows = []responseRow{
	{"9000 without data", 200, asJSON, `{"code":9000,"msg":"no credits"}`, refused(9000, "no credits", wrapper.ErrInsufficientCredits)},
	{"9000 with data", 200, asJSON, `{"code":9000,"msg":"no credits","data":{"status":"Failed"}}`, refused(9000, "no credits", wrapper.ErrInsufficientCredits)},
	{"9999 without data", 200, asJSON, `{"code":9999,"msg":"Delete failed, error info"}`, refused(9999, "Delete failed, error info", wrapper.ErrFailure)},
	{"9999 with data that says Success", 200, asJSON, `{"code":9999,"msg":"no","data":{"status":"Success"}}`, refused(9999, "no", wrapper.ErrFailure)},
	{"9999 with data of another type", 200, asJSON, `{"code":9999,"msg":"no","data":["` + canary + `"]}`, refused(9999, "no", wrapper.ErrFailure)},
	{"9999 with data null", 200, asJSON, `{"code":9999,"msg":"no","data":null}`, refused(9999, "no", wrapper.ErrFailure)},
	{"9999 with an empty msg", 200, asJSON, `{"code":9999,"msg":""}`, refused(9999, "", wrapper.ErrFailure)},
	{"an undocumented code", 200, asJSON, `{"code":1001,"msg":"what","data":{}}`, doubtful(1001, "what")},
	{"code 0", 200, asJSON, `{"code":0,"msg":"no","data":{}}`, doubtful(0, "no")},
	{"code 200", 200, asJSON, `{"code":200,"msg":"OK","data":{"status":"Success"}}`, doubtful(200, "OK")},
	{"code -1000", 200, asJSON, `{"code":-1000,"msg":"no","data":{}}`, doubtful(-1000, "no")},
	{"9000 at 201", 201, asJSON, `{"code":9000,"msg":"no credits"}`, refused(9000, "no credits", wrapper.ErrInsufficientCredits)},
	{"9999 at 202", 202, asJSON, `{"code":9999,"msg":"no","data":{}}`, refused(9999, "no", wrapper.ErrFailure)},
	{"9999 at 299", 299, asJSON, `{"code":9999,"msg":"no"}`, refused(9999, "no", wrapper.ErrFailure)},
	{"9999 labelled text/html", 200, header{"Content-Type": "text/html"}, `{"code":9999,"msg":"no"}`, refused(9999, "no", wrapper.ErrFailure)},
	{"9999 without a media type", 200, header{"Content-Type": ""}, `{"code":9999,"msg":"no"}`, refused(9999, "no", wrapper.ErrFailure)},
	{"status Failed", 200, asJSON, `{"code":1000,"msg":"Successfully","data":{"status":"Failed"}}`, deleteFailed("Successfully", "Failed")},
	{"status failed in small letters", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"failed"}}`, deleteFailed("ok", "failed")},
	{"status Failed in escapes", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":"\u0046ailed"}}`, deleteFailed("ok", "Failed")},
	{"9999 without msg", 200, asJSON, `{"code":9999,"data":{}}`, violates("/msg required")},
	{"9999 with msg null", 200, asJSON, `{"code":9999,"msg":null,"data":{}}`, violates("/msg nullable")},
	{"9999 with msg of another type", 200, asJSON, `{"code":9999,"msg":["` + canary + `"],"data":{}}`, violates("/msg type")},
	{"9999 as a string", 200, asJSON, `{"code":"9999","msg":"no","data":{}}`, violates("/code type")},
}

// The media type is what precedes the first semicolon, in any case.
var mediaTypeRows = []responseRow{
	{"charset", 200, header{"Content-Type": "application/json; charset=utf-8"}, successBody, success("Successfully", "Success")},
	{"charset without a space, in capitals", 200, header{"Content-Type": "application/json;charset=UTF-8"}, successBody, success("Successfully", "Success")},
	{"another charset", 200, header{"Content-Type": "application/json; charset=iso-8859-1"}, successBody, success("Successfully", "Success")},
	{"capitals", 200, header{"Content-Type": "APPLICATION/JSON"}, successBody, success("Successfully", "Success")},
	{"mixed case, quoted parameter", 200, header{"Content-Type": `Application/Json ; Charset="UTF-8"; a=b`}, successBody, success("Successfully", "Success")},
	{"semicolon at the end", 200, header{"Content-Type": "application/json;"}, successBody, success("Successfully", "Success")},
	{"malformed parameter", 200, header{"Content-Type": "application/json; charset"}, successBody, success("Successfully", "Success")},
	{"malformed parameter, capitals", 200, header{"Content-Type": "APPLICATION/JSON; ="}, successBody, success("Successfully", "Success")},
	{"repeated parameter", 200, header{"Content-Type": "application/json; charset=utf-8; charset=utf-8"}, successBody, success("Successfully", "Success")},
	{"malformed parameter, empty object", 200, header{"Content-Type": "application/json; charset"}, `{}`, violates("/code required", "/data required", "/msg required")},
	{"malformed parameter, HTML", 200, header{"Content-Type": "application/json; charset"}, htmlPage, violates(" json")},
	{"missing", 200, header{"Content-Type": ""}, successBody, violates(" mediaType")},
	{"text/html, yet JSON", 200, header{"Content-Type": "text/html"}, successBody, violates(" mediaType")},
	{"text/plain, yet JSON", 200, header{"Content-Type": "text/plain; charset=utf-8"}, successBody, violates(" mediaType")},
	{"text/json", 200, header{"Content-Type": "text/json"}, successBody, violates(" mediaType")},
	{"problem+json", 200, header{"Content-Type": "application/problem+json"}, successBody, violates(" mediaType")},
	{"jsonp", 200, header{"Content-Type": "application/jsonp"}, successBody, violates(" mediaType")},
	{"json alone", 200, header{"Content-Type": "json"}, successBody, violates(" mediaType")},
	{"range */*", 200, header{"Content-Type": "*/*"}, successBody, violates(" mediaType")},
	{"range application/*", 200, header{"Content-Type": "application/*"}, successBody, violates(" mediaType")},
	{"two in one line", 200, header{"Content-Type": "application/json, text/html"}, successBody, violates(" mediaType")},
	{"not a media type", 200, header{"Content-Type": "/;="}, successBody, violates(" mediaType")},
	{"two lines, HTML first", raw, nil, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: application/json\r\nContent-Length: 62\r\n\r\n" + successBody, violates(" mediaType")},
	{"wrong, and the schema violated", 200, header{"Content-Type": "text/plain"}, `{"code":1000}`, violates(" mediaType", "/data required", "/msg required")},
	{"text/html and HTML", 200, header{"Content-Type": "text/html; charset=utf-8"}, htmlPage, violates(" mediaType", " json")},
	{"missing and empty", 200, header{"Content-Type": ""}, "", violates(" mediaType", " json")},
}
