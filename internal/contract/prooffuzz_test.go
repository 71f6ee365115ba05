package contract

import "testing"

// FuzzProof is the search of TestProofAgrees with bodies of a fuzzer's.
func FuzzProof(f *testing.F) {
	for _, seed := range []string{
		`{"code":1000,"msg":"OK","data":{"taskid":"a","url":["https://h.test/a.png?x=1\u0026y=2"],"image_status":3,"width":-0}}`,
		`{"code":1000,"msg":"","data":{"status":null,"Status":1}}`, `{"code":1e3,"code":1000,"msg":"","data":{}}`, `{"mſg":"","msg":"","code":1000,"data":{}}`,
		`{"id":"x","tiny":-128,"small":1234,"medium":-2147483648,"big":123456789012345678,"ratio":-0.5,"kind":"a","level":300,"note":null,"mixed":[[],{}]}`,
		`{"leaf":"\ud83d\ude00","left":{"leaf":"é","left":null},"branches":[{"leaf":"c"}],"x":[true,false,null,1.5]}`,
		`{"code":1000,"msg":"ok","list":[{"a":1,"b":"\n"}]}`, "\ufeff{}", "{\"id\":\"\xed\xa0\x80\"}", `{"id":"",}`, `{"id":"","x":01}`, "{\"\n\":\"\",\"id\":\"\"}\x00",
	} {
		f.Add([]byte(seed))
	}
	s, subjects := newSearch(f, compiled), []subject{}
	for _, doc := range s.documents {
		subjects = append(subjects, s.subjectsOf(doc)...)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, x := range subjects {
			if found := x.try(body); found != "" {
				t.Fatal(found)
			}
		}
	})
}
