package wrapper

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestEditorsSendTheKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		editor func(string) (generated.RequestEditorFn, error)
		key    string
		want   string
	}{
		{"bare", APIKeyEditor, "sk-1", "sk-1"},
		{"bearer", BearerEditor, "sk-1", "Bearer sk-1"},
		{"white space around it is trimmed", APIKeyEditor, "\t sk-1\r\n", "sk-1"},
		{"Bearer in front", BearerEditor, "Bearer sk-1", "Bearer sk-1"},
		{"Bearer in front of a bare key", APIKeyEditor, "bearer  sk-1", "sk-1"},
		{"quoted", BearerEditor, `"sk-1"`, "Bearer sk-1"},
		{"quoted, with everything", BearerEditor, ` 'Bearer "sk-1 "' `, "Bearer sk-1"},
		{"one quote only", APIKeyEditor, `"sk-1`, `"sk-1`},
		{"every printable ASCII character", APIKeyEditor, `!"#$%&'()*+,-./:;<=>?@[\]^_{|}~`, `!"#$%&'()*+,-./:;<=>?@[\]^_{|}~`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edit, err := tt.editor(tt.key)
			if err != nil {
				t.Fatal(err)
			}
			got := make(chan string, 1)
			url, _ := testkit.Serve(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("Authorization") })
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, url, http.NoBody)
			if err := edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if v := <-got; v != tt.want {
				t.Errorf("Authorization = %q, want %q", v, tt.want)
			}
		})
	}
}

func TestEditorsRefuseUnusableKeys(t *testing.T) {
	t.Parallel()
	const secret = "sk-very-secret"
	tests := map[string]string{
		"empty":                    "",
		"white space only":         " \t\r\n",
		"Bearer only":              "Bearer ",
		"quotes only":              `""`,
		"white space inside":       secret + " 1",
		"another scheme":           "Token " + secret,
		"tab inside":               secret + "\t1",
		"line feed inside":         secret + "\nX-Injected: 1",
		"carriage return inside":   secret + "\r1",
		"NUL":                      secret + "\x00",
		"DEL":                      secret + "\x7f1",
		"non-ASCII letter":         secret + "é",
		"invalid UTF-8":            secret + "\xff",
		"zero-width space inside":  secret + "\u200b1",
		"no-break space inside it": secret + "\u00a01",
	}
	for name, key := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, editor := range []func(string) (generated.RequestEditorFn, error){APIKeyEditor, BearerEditor} {
				fn, err := editor(key)
				if fn != nil || !errors.Is(err, ErrInvalidKey) {
					t.Fatalf("got an editor (%t) and error %v", fn != nil, err)
				}
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error holds the key: %v", err)
				}
			}
			if c, err := NewClient(key); c != nil || !errors.Is(err, ErrInvalidKey) {
				t.Errorf("NewClient: got %v, %v", c, err)
			}
		})
	}
}
