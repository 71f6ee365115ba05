package contract

import "testing"

func TestEnvelope(t *testing.T) {
	t.Parallel()
	type envelope struct {
		code int
		msg  string
		ok   bool
	}
	for body, want := range map[string]envelope{
		`{"code":1000,"msg":"a","Other":2}`:      {1000, "a", true},
		`{"code":1000,"msg":""}`:                 {1000, "", true},
		`{"code":1000}`:                          {1000, "", false},
		`{"msg":"a"}`:                            {0, "a", false},
		`{"code":"1000","msg":"a"}`:              {0, "a", false},
		`{"code":1e3,"msg":"a"}`:                 {0, "a", false},
		`{"code":9999999999999999999,"msg":1}`:   {},
		`{"code":1,"Code":2,"msg":"a"}`:          {},
		`{"code":1,"msg":"a","MSG":"a"}`:         {},
		`{"code":1,"code":1,"msg":"a"}`:          {},
		`{"code":1,"msg":"a","d":{"a":1,"a":2}}`: {},
		`{}`:                                     {}, `[]`: {}, `null`: {}, `"code"`: {}, ``: {}, `{"code":1`: {},
	} {
		code, msg, ok := ReadJSON([]byte(body)).Envelope()
		if got := (envelope{code, msg, ok}); got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
}
