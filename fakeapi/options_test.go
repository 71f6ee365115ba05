package fakeapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestOptionErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		opt fakeapi.Option
		msg string
	}{
		"nil":                  {nil, "fakeapi: option 1 is nil"},
		"empty key":            {fakeapi.WithKey(" \t"), "WithKey: the key is empty"},
		"key with a newline":   {fakeapi.WithKey("secret\nsecret"), "WithKey: the key has a character that no header can carry"},
		"key beyond ASCII":     {fakeapi.WithKey("secrét"), "WithKey: the key has a character that no header can carry"},
		"key with Bearer":      {fakeapi.WithKey("bearer secret"), "WithKey: give the key without the word Bearer"},
		"the word Bearer":      {fakeapi.WithKey("Bearer"), "WithKey: give the key without the word Bearer"},
		"no port":              {fakeapi.WithAddr("127.0.0.1"), "WithAddr: want host:port, such as 127.0.0.1:0"},
		"empty address":        {fakeapi.WithAddr(""), "WithAddr: want host:port"},
		"port out of range":    {fakeapi.WithAddr("127.0.0.1:70000"), "invalid port"},
		"no test to report to": {fakeapi.WithStrict(), "WithStrict reports to a test: use Start"},
		"no contract":          {fakeapi.WithContract(nil), "WithContract: the document is empty"},
		"first task 0":         {fakeapi.WithFirstTask(0), "WithFirstTask: 0 is not between 1 and"},
		"contract not JSON":    {fakeapi.WithContract([]byte("{")), "the contract is not valid: "},
		"contract a list":      {fakeapi.WithContract([]byte("[]")), "the contract is not valid: "},
		"contract of no kind":  {fakeapi.WithContract([]byte("{}")), "the contract is not valid: "},
		"contract of 3.1": {fakeapi.WithContract([]byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}`)),
			`the contract is not valid: it is OpenAPI "3.1.0"; only 3.0 can be checked`},
		"contract not valid": {fakeapi.WithContract([]byte(`{"openapi":"3.0.3","paths":{}}`)), "the contract is not valid: "},
		"contract with a wrong default": {fakeapi.WithContract([]byte(withSecurity(`{"type":"http","scheme":"bearer"}},"schemas":{"S":{"type":"integer","default":"x"}`))),
			"the contract is not valid: invalid components: "},
		"contract with the key in a cookie": {fakeapi.WithContract([]byte(withSecurity(`{"type":"apiKey","in":"cookie","name":"key"}`))),
			"the contract's path /a: security scheme K is neither in a header nor in the query"},
		"contract with an unknown scheme": {fakeapi.WithContract([]byte(strings.Replace(withSecurity(`{"type":"http","scheme":"bearer"}`), `"K":{`, `"L":{`, 1))),
			"the contract is not valid: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, err := fakeapi.NewServer(c.opt)
			if err == nil {
				srv.Close()
				t.Fatal("no error")
			}
			if msg := err.Error(); !strings.Contains(msg, c.msg) || !strings.HasPrefix(msg, "fakeapi: ") || strings.ContainsAny(msg, "\n") || strings.Contains(msg, "secr") {
				t.Errorf("error %q, want %q in it, one line, no key", msg, c.msg)
			}
		})
	}
}

func withSecurity(scheme string) string {
	return `{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"security":[{"K":[]}],
		"responses":{"200":{"description":"OK"}}}}},"components":{"securitySchemes":{"K":` + scheme + `}}}`
}

func TestOptionErrorsAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := fakeapi.NewServer(fakeapi.WithKey(""), fakeapi.WithTLS(), nil, fakeapi.WithAddr("x"), fakeapi.WithStrict())
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) || len(joined.Unwrap()) != 4 {
		t.Fatalf("got %v, want four errors joined", err)
	}
	for i, want := range []string{"WithKey", "option 3 is nil", "WithAddr", "WithStrict"} {
		if got := joined.Unwrap()[i].Error(); !strings.Contains(got, want) {
			t.Errorf("error %d is %q, want %q", i, got, want)
		}
	}
}

func TestLastOptionCounts(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithKey("first-key"), fakeapi.WithKey(testKey), fakeapi.WithTasks("a"))
	wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
}

func TestProtocolOptions(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, proto string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		got := send(srv, deletion(t, srv, "a"))
		wantJSON(t, got, 200, successBody)
		if all := srv.Requests(); got.proto != proto || len(all) != 1 || all[0].Proto != proto {
			t.Errorf("response over %s, recorded %v, want %s", got.proto, all, proto)
		}
		if secure := strings.HasPrefix(srv.URL, "https://"); secure == strings.HasPrefix(srv.URL, "http://") {
			t.Errorf("URL %q", srv.URL)
		}
	})
}
