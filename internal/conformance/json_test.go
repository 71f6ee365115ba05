package conformance

import (
	"encoding/binary"
	"unicode/utf16"
)

// A body that is not exactly one JSON value in UTF-8 violates the contract.
var notJSONRows = []responseRow{
	{"empty", 200, asJSON, "", violates(" json")},
	{"white space only", 200, asJSON, " \r\n\t ", violates(" json")},
	{"HTML", 200, asJSON, htmlPage, violates(" json")},
	{"plain text", 200, asJSON, "OK", violates(" json")},
	{"cut in a string", 200, asJSON, `{"code":1000,"msg":"Succ`, violates(" json")},
	{"cut before the last brace", 200, asJSON, successBody[:len(successBody)-1], violates(" json")},
	{"cut in an escape", 200, asJSON, `{"code":1000,"msg":"\u00`, violates(" json")},
	{"NaN", 200, asJSON, `{"code":NaN,"msg":"ok","data":{}}`, violates(" json")},
	{"Infinity in an extra", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":-Infinity}`, violates(" json")},
	{"undefined", 200, asJSON, `{"code":1000,"msg":undefined,"data":{}}`, violates(" json")},
	{"True", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":True}`, violates(" json")},
	{"single quotes", 200, asJSON, `{'code':1000,'msg':'ok','data':{}}`, violates(" json")},
	{"keys without quotes", 200, asJSON, `{code:1000,msg:"ok",data:{}}`, violates(" json")},
	{"comma at the end of an object", 200, asJSON, `{"code":1000,"msg":"ok","data":{},}`, violates(" json")},
	{"comma at the end of an array", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":[1,]}`, violates(" json")},
	{"two commas", 200, asJSON, `{"code":1000,,"msg":"ok","data":{}}`, violates(" json")},
	{"missing comma", 200, asJSON, `{"code":1000 "msg":"ok","data":{}}`, violates(" json")},
	{"missing colon", 200, asJSON, `{"code" 1000,"msg":"ok","data":{}}`, violates(" json")},
	{"block comment", 200, asJSON, `/* ok */` + successBody, violates(" json")},
	{"line comment", 200, asJSON, successBody + " // ok\n", violates(" json")},
	{"byte order mark", 200, asJSON, "\ufeff" + successBody, violates(" json")},
	{"UTF-16, little-endian", 200, asJSON, utf16Bytes(successBody, false), violates(" json")},
	{"UTF-16, big-endian, with a mark", 200, asJSON, utf16Bytes("\ufeff"+successBody, true), violates(" json")},
	{"invalid UTF-8 in msg", 200, asJSON, "{\"code\":1000,\"msg\":\"a\xffb\",\"data\":{}}", violates(" json")},
	{"invalid UTF-8 in a key", 200, asJSON, "{\"code\":1000,\"msg\":\"ok\",\"data\":{},\"\xc3\":1}", violates(" json")},
	{"surrogate encoded as UTF-8", 200, asJSON, "{\"code\":1000,\"msg\":\"\xed\xa0\x80\",\"data\":{}}", violates(" json")},
	{"overlong slash", 200, asJSON, "{\"code\":1000,\"msg\":\"\xc0\xaf\",\"data\":{}}", violates(" json")},
	{"line feed in a string", 200, asJSON, "{\"code\":1000,\"msg\":\"a\nb\",\"data\":{}}", violates(" json")},
	{"NUL in a string", 200, asJSON, "{\"code\":1000,\"msg\":\"a\x00b\",\"data\":{}}", violates(" json")},
	{"escape \\x41", 200, asJSON, `{"code":1000,"msg":"\x41","data":{}}`, violates(" json")},
	{"two values", 200, asJSON, successBody + successBody, violates(" json")},
	{"two values on lines", 200, asJSON, successBody + "\n" + successBody + "\n", violates(" json")},
	{"a success, then a refusal", 200, asJSON, successBody + refusalBody, violates(" json")},
	{"a refusal, then a success", 200, asJSON, refusalBody + successBody, violates(" json")},
	{"bytes after it", 200, asJSON, successBody + canary, violates(" json")},
	{"a brace after it", 200, asJSON, successBody + "}", violates(" json")},
	{"NUL after it", 200, asJSON, successBody + "\x00", violates(" json")},
	{"NUL before it", 200, asJSON, "\x00" + successBody, violates(" json")},
	{"no-break space after it", 200, asJSON, successBody + "\u00a0", violates(" json")},
	{"JSONP", 200, asJSON, "callback(" + successBody + ")", violates(" json")},
	{"guard prefix", 200, asJSON, ")]}',\n" + successBody, violates(" json")},
	{"server-sent event", 200, asJSON, "data: " + successBody + "\n\n", violates(" json")},
	{"record separator before it", 200, asJSON, "\x1e" + successBody, violates(" json")},
	{"hexadecimal number", 200, asJSON, `{"code":0x3e8,"msg":"ok","data":{}}`, violates(" json")},
	{"leading zero", 200, asJSON, `{"code":01000,"msg":"ok","data":{}}`, violates(" json")},
	{"plus sign", 200, asJSON, `{"code":+1000,"msg":"ok","data":{}}`, violates(" json")},
	{"point at the end", 200, asJSON, `{"code":1000.,"msg":"ok","data":{}}`, violates(" json")},
	{"point at the start", 200, asJSON, `{"code":1000,"msg":"ok","data":{},"x":.5}`, violates(" json")},
	{"digits in groups", 200, asJSON, `{"code":1_000,"msg":"ok","data":{}}`, violates(" json")},
}

// Each violation of the schema is listed once, by its place and the keyword.
var wrongTypeRows = []responseRow{
	{"null", 200, asJSON, `null`, violates(" nullable")},
	{"true", 200, asJSON, `true`, violates(" type")},
	{"a string", 200, asJSON, `"Success"`, violates(" type")},
	{"1000", 200, asJSON, `1000`, violates(" type")},
	{"an empty array", 200, asJSON, `[]`, violates(" type")},
	{"a success in an array", 200, asJSON, "[" + successBody + "]", violates(" type")},
	{"an empty object", 200, asJSON, `{}`, violates("/code required", "/data required", "/msg required")},
	{"a success one level down", 200, asJSON, `{"data":` + successBody + `}`, violates("/code required", "/msg required")},
	{"code missing", 200, asJSON, `{"msg":"ok","data":{}}`, violates("/code required")},
	{"msg missing", 200, asJSON, `{"code":1000,"data":{}}`, violates("/msg required")},
	{"data missing", 200, asJSON, `{"code":1000,"msg":"ok"}`, violates("/data required")},
	{"code null", 200, asJSON, `{"code":null,"msg":"ok","data":{}}`, violates("/code nullable")},
	{"code a string", 200, asJSON, `{"code":"1000","msg":"ok","data":{}}`, violates("/code type")},
	{"code true", 200, asJSON, `{"code":true,"msg":"ok","data":{}}`, violates("/code type")},
	{"code an array", 200, asJSON, `{"code":[1000],"msg":"ok","data":{}}`, violates("/code type")},
	{"code an object", 200, asJSON, `{"code":{"code":1000},"msg":"ok","data":{}}`, violates("/code type")},
	{"msg null", 200, asJSON, `{"code":1000,"msg":null,"data":{}}`, violates("/msg nullable")},
	{"msg a number", 200, asJSON, `{"code":1000,"msg":1000,"data":{}}`, violates("/msg type")},
	{"msg an object", 200, asJSON, `{"code":1000,"msg":{"en":"` + canary + `"},"data":{}}`, violates("/msg type")},
	{"msg an array", 200, asJSON, `{"code":1000,"msg":["ok"],"data":{}}`, violates("/msg type")},
	{"data null", 200, asJSON, `{"code":1000,"msg":"ok","data":null}`, violates("/data nullable")},
	{"data a string", 200, asJSON, `{"code":1000,"msg":"ok","data":"Success"}`, violates("/data type")},
	{"data an array", 200, asJSON, `{"code":1000,"msg":"ok","data":[{"status":"Success"}]}`, violates("/data type")},
	{"data a number", 200, asJSON, `{"code":1000,"msg":"ok","data":0}`, violates("/data type")},
	{"data false", 200, asJSON, `{"code":1000,"msg":"ok","data":false}`, violates("/data type")},
	{"status null", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":null}}`, success("ok", "")},
	{"status a number", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":1}}`, violates("/data/status type")},
	{"status true", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":true}}`, violates("/data/status type")},
	{"status an array", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":["Success"]}}`, violates("/data/status type")},
	{"status an object", 200, asJSON, `{"code":1000,"msg":"ok","data":{"status":{"status":"` + canary + `"}}}`, violates("/data/status type")},
	{"everything of a wrong type", 200, asJSON, `{"code":"1000","msg":5,"data":{"status":[]}}`, violates("/code type", "/data/status type", "/msg type")},
	{"everything null", 200, asJSON, `{"code":null,"msg":null,"data":null}`, violates("/code nullable", "/data nullable", "/msg nullable")},
	{"msg missing and data of a wrong type", 200, asJSON, `{"code":1000,"data":[]}`, violates("/data type", "/msg required")},
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
