package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestForms(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	for name, c := range map[string]struct {
		parts []part
		msg   string
	}{
		"text":                 {[]part{{name: "prompt", value: "a cat"}}, ""},
		"all types":            {append(text("prompt", "7", "batchsize", "3", "strength", "0.5", "public", "false"), text("other", "x")...), ""},
		"an object":            {text("prompt", "x", "crop", `{"left":0}`), ""},
		"objects":              {text("prompt", "x", "crops", `{"left":0}`, "crops", `{"left":1}`), ""},
		"a union's boolean":    {text("prompt", "x", "either", "false"), ""},
		"a union's text":       {text("prompt", "x", "either", "1"), ""},
		"not in the union":     {text("prompt", "x", "either", "2"), `"/either" does not satisfy "oneOf"`},
		"an object that lacks": {text("prompt", "x", "crop", `{}`), `"/crop/left" is required`},
		"objects that lack":    {text("prompt", "x", "crops", `{"left":0}`, "crops", `{}`), `"/crops/1/left" is required`},
		"not an object":        {text("prompt", "x", "crop", "left"), `"/crop" must be of type object`},
		"not JSON":             {text("prompt", "x", "crop", `{"left":`), `"/crop" must be of type object`},
		"two files":            {[]part{{name: "prompt"}, file("sourceImage", "1.png", "\x89PNG\xff"), file("sourceImage", "2.png", "\r\n")}, ""},
		"one file":             {append(text("prompt", "x"), file("sourceImage", "", "\x00")), ""},
		"file of no name":      {text("prompt", "x", "sourceImage", "\xff"), ""},
		"unknown file":         {append(text("prompt", "x"), file("mask", "m.png", "\xff")), ""},
		"no prompt":            {text("batchsize", "3"), `the body: "/prompt" is required`},
		"no parts":             {nil, `"/prompt" is required`},
		"not a number":         {text("prompt", "x", "batchsize", marker), `"/batchsize" must be of type integer`},
		"number with a sign":   {text("prompt", "x", "batchsize", "+3"), `"/batchsize" must be of type integer`},
		"number with a space":  {text("prompt", "x", "batchsize", "3 "), `"/batchsize" must be of type integer`},
		"no whole number":      {text("prompt", "x", "batchsize", "1.5"), `"/batchsize" must be of type integer`},
		"empty number":         {text("prompt", "x", "batchsize", ""), `"/batchsize" must be of type integer`},
		"out of range":         {text("prompt", "x", "batchsize", "16"), `"/batchsize" does not satisfy "maximum"`},
		"below range":          {text("prompt", "x", "batchsize", "0"), `"/batchsize" does not satisfy "minimum"`},
		"not a boolean":        {text("prompt", "x", "public", "1"), `"/public" must be of type boolean`},
		"repeated":             {text("prompt", "x", "prompt", "y"), `the part "prompt" is repeated`},
		"repeated and unknown": {text("prompt", "x", "other", "1", "other", "2"), `the part "other" is repeated`},
		"other case":           {text("prompt", "x", "batchSize", "3"), `the contract has "/batchsize"`},
		"no name":              {text("", "x"), "a part of the multipart body has no name"},
		"file of text":         {[]part{file("prompt", "p.txt", marker)}, `the part "prompt" has a filename; by the contract it is no file`},
		"not UTF-8":            {text("prompt", marker+"\xff"), `the part "prompt" is not valid UTF-8`},
		"unknown, not UTF-8":   {text("prompt", "x", "other", "\xc3"), `the part "other" is not valid UTF-8`},
	} {
		t.Run(name, func(t *testing.T) {
			contentType, body := encodeForm(t, c.parts...)
			wantForm(t, srv, contentType, body, c.msg)
		})
	}
}

// text makes parts of names and values.
func text(pairs ...string) (parts []part) {
	for i := 0; i < len(pairs); i += 2 {
		parts = append(parts, part{name: pairs[i], value: pairs[i+1]})
	}
	return parts
}

func TestFormsThatAreMalformed(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	const whole = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nx\r\n--b--\r\n"
	for name, c := range map[string]struct{ contentType, body, msg string }{
		"whole":          {"multipart/form-data; boundary=b", whole, ""},
		"no boundary":    {"multipart/form-data", whole, "no boundary"},
		"other boundary": {"multipart/form-data; boundary=c", whole, "malformed"},
		"cut off":        {"multipart/form-data; boundary=b", whole[:len(whole)-8], "malformed"},
		"empty":          {"multipart/form-data; boundary=b", "", "malformed"},
		"preamble":       {"multipart/form-data; boundary=b", "to be ignored\r\n" + whole, ""},
		"white space":    {"multipart/form-data; boundary=b", whole + "\r\n \t\n", ""},
		"no last break":  {"multipart/form-data; boundary=b", whole[:len(whole)-2], ""},
		"bare breaks":    {"multipart/form-data; boundary=b", strings.ReplaceAll(whole, "\r\n", "\n"), ""},
		"garbage":        {"multipart/form-data; boundary=b", whole + marker, "more after the line that closes"},
		"garbage close":  {"multipart/form-data; boundary=b", whole[:len(whole)-2] + "x\r\n", "malformed"},
		"second form":    {"multipart/form-data; boundary=b", whole + whole, "more after the line that closes"},
		"late garbage":   {"multipart/form-data; boundary=b", whole + strings.Repeat(" ", 100_000) + "x", "more after the line that closes"},
		"not form-data":  {"multipart/form-data; boundary=b", strings.Replace(whole, "form-data", "attachment", 1), "has no name"},
		"two names":      {"multipart/form-data; boundary=b", strings.Replace(whole, `"prompt"`, `"prompt"; name="other"`, 1), "has no name"},
		"no disposition": {"multipart/form-data; boundary=b", strings.Replace(whole, "Content-Disposition", "X-Other", 1), "has no name"},
		"head cut off":   {"multipart/form-data; boundary=b", whole[:20], "malformed"},
		"head malformed": {"multipart/form-data; boundary=b", strings.Replace(whole, ":", "", 1), "malformed"},
		"mixed":          {"multipart/mixed; boundary=b", whole, "accepts: multipart/form-data"},
		"JSON":           {"application/json", `{"prompt":"x"}`, "accepts: multipart/form-data"},
	} {
		t.Run(name, func(t *testing.T) { wantForm(t, srv, c.contentType, c.body, c.msg) })
	}
}

// wantForm sends a form and expects the refusal msg, or acceptance if empty.
func wantForm(t *testing.T, srv *fakeapi.Server, contentType, body, msg string) {
	t.Helper()
	req := request(t, srv, http.MethodPost, "/v2/generate", body)
	req.Header.Set("Content-Type", contentType)
	got := send(srv, req)
	if msg == "" {
		wantJSON(t, got, 201, `{"code":1000,"msg":""}`)
	} else if text := wantError(t, got, 400); !strings.Contains(text, msg) || strings.Contains(text, marker) {
		t.Errorf("msg %q, want %q in it", text, msg)
	}
}
