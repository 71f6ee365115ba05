package subject

import "testing"

func TestFault(t *testing.T) {
	t.Parallel()
	const generation, deletion, query = "generation", "deletion", "query"
	for _, tt := range []struct{ kind, body, want string }{
		{generation, `{"code":1000,"data":{"taskid":"a"}}`, ""},
		{generation, `{"code":1000,"data":{"taskid":" \t"}}`, "/data/taskid required"},
		{generation, `{"code":1000,"data":{"taskid":5}}`, "/data/taskid required"},
		{generation, `{"code":1000,"data":[]}`, "/data/taskid required"},
		{generation, `{"code":9999,"data":{}}`, "/code const"},
		{deletion, `{"code":1000}`, ""},
		{deletion, `{"code":1000,"data":{"status":" \n"}}`, ""},
		{deletion, `{"code":1000,"data":{"status":" succESS\r\n"}}`, ""},
		{deletion, `{"code":1000,"data":{"status":"FAILED ","taskid":5}}`, "/data/status failed"},
		{deletion, `{"code":1000,"data":{"status":"Queued"}}`, "/data/status enum"},
		{deletion, `{"code":1000,"data":{"status":"ſucceſſ"}}`, "/data/status enum"},
		{deletion, `{"code":1000,"data":{"status":"Succeſs"}}`, "/data/status enum"},
		{deletion, `{"code":1000,"data":{"status":"\u00a0Success\u2003"}}`, "/data/status enum"},
		{deletion, `{"code":1000,"data":{"status":"\u00a0"}}`, "/data/status enum"},
		{deletion, `{"code":"1000"}`, ""},
		{query, `{"code":1000,"data":{"status":"Failed"}}`, ""},
		{query, `{"code":1001}`, "/code const"},
		{query, ``, ""},
	} {
		pointer, keyword := Read([]byte(tt.body), true, 1000).Fault(1000, tt.kind == deletion, tt.kind == generation)
		if got := pointer + " " + keyword; got != tt.want && got != tt.want+" " {
			t.Errorf("%s %s: %q, want %q", tt.kind, tt.body, got, tt.want)
		}
	}
	if pointer, keyword := (Said{}).Fault(1000, false, false); pointer != "/code" || keyword != "required" {
		t.Errorf("no code: %q %q", pointer, keyword)
	}
	if pointer, keyword := Read([]byte(`{"code":7}`), false, 1000).Fault(1000, false, false); keyword != "" {
		t.Errorf("a code of no envelope: %q %q", pointer, keyword)
	}
}
