package wrapper

import (
	"context"
	"errors"
	"net/http"
	"reflect"
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

// What an editor or a transport writes into the values of a header stays in that request.
func TestHeaderValuesAreOfOneRequest(t *testing.T) {
	t.Parallel()
	got := make(chan http.Header, 1)
	url, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header
		testkit.Respond(200, testkit.DeletedBody)(w, r)
	})
	writes := func(_ context.Context, req *http.Request) error {
		for _, values := range req.Header {
			values[0] += ";mine"
		}
		return nil
	}
	shared := testkit.Transport(t)
	masking := &http.Client{Transport: testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		resp, err := shared.RoundTrip(req)
		return resp, errors.Join(err, writes(t.Context(), req)) // as a log does that masks the key in a shallow copy of the map
	})}
	bearer, err := BearerEditor(testKey)
	if err != nil {
		t.Fatal(err)
	}
	byHand, err := generated.NewClientWithResponses(url, generated.WithHTTPClient(masking), generated.WithRequestEditorFn(bearer))
	if err != nil {
		t.Fatal(err)
	}
	edited, masked := newTestClient(t, url, WithRequestEditor(writes)), newTestClient(t, url, WithHTTPClient(masking))
	for name, send := range map[string]func() error{
		"an editor":            func() error { return deleted(edited.DeleteImagesTask(t.Context(), oneTask)) },
		"an editor, Generated": func() error { return deleted(edited.Generated().DeleteImagesTaskWithResponse(t.Context(), oneTask)) },
		"a transport":          func() error { return deleted(masked.DeleteImagesTask(t.Context(), oneTask)) },
		"BearerEditor":         func() error { return deleted(byHand.DeleteImagesTaskWithResponse(t.Context(), oneTask)) },
	} {
		sameHeaderEachTime(t, name, send, got)
	}
}

func deleted[T any](_ T, err error) error { return err }

func sameHeaderEachTime(t *testing.T, name string, send func() error, got <-chan http.Header) {
	t.Helper()
	var first http.Header
	for range 3 {
		if err := send(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		header := <-got
		if first == nil {
			first = header
		}
		if !reflect.DeepEqual(header, first) || header.Get("Authorization") != "Bearer "+testKey {
			t.Errorf("%s: sent %v, and before %v", name, header, first)
		}
	}
}
