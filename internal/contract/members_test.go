package contract

import "testing"

func TestMembers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"code":1,"msg":"a"}`: true, `{}`: true, `{"code":1,"Other":2}`: true,
		`{"code":1,"Code":2}`: false, `{"code":1,"MSG":"a"}`: false, `{"code":1,"code":1}`: false, `{"code":1,"d":{"a":1,"a":2}}`: false,
		`[]`: false, `null`: false, `"code"`: false, ``: false, `{"code":1`: false,
	} {
		if got := ReadJSON([]byte(body)).Members("code", "msg"); (got != nil) != want {
			t.Errorf("%s: %v", body, got)
		}
	}
	if got := ReadJSON([]byte(`{"code":"x"}`)).Members("code")["code"]; got != "x" {
		t.Errorf("got %v", got)
	}
}
