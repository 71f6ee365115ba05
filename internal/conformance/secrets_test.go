package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Where the key must not appear: in nothing that is printed or logged, on no
// way but the one to the service. What happens to it in addresses and
// redirects is in security_wire_test.go, what comes back in security_echo_test.go.

// keys are of the forms that secrets come in. The second is spelt in another
// way in a JSON Pointer, in a URL and in JSON as PHP writes it. The third was
// copied with its scheme.
var keys = []string{testKey, "q7/Zt4wHs8+Jd3vKf2yM~Mb6pXv9sT/Rc3Ng5==", "Bearer u2Wd8Fk5Yq1Gz6Sx3Rb9"}

// leaks reports whether text holds a part of the key that could be of use.
func leaks(text, key string) bool {
	const part = 8
	for i := range len(key) - part + 1 {
		if strings.Contains(text, key[i:i+part]) {
			return true
		}
	}
	return false
}

// checkPrinted prints v in every way that programs do.
func checkPrinted(t *testing.T, key, name string, v any) {
	t.Helper()
	texts := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		texts[verb] = fmt.Sprintf(verb, v)
		texts[verb+" in a struct"] = fmt.Sprintf(verb, struct{ V any }{v})
		texts[verb+" in a slice"] = fmt.Sprintf(verb, []any{v})
	}
	var text, json bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v, slog.Group("g", "v", v))
	slog.New(slog.NewJSONHandler(&json, nil)).Info("x", "v", v, slog.Group("g", "v", v))
	texts["slog text"], texts["slog JSON"] = text.String(), json.String()
	if err, ok := v.(error); ok {
		texts["wrapped"] = fmt.Errorf("deleting: %w", err).Error()
		texts["joined"] = errors.Join(err, errors.New("x")).Error()
	}
	maps.DeleteFunc(texts, func(_, text string) bool { return !leaks(text, key) })
	if forms := slices.Sorted(maps.Keys(texts)); len(forms) > 0 {
		t.Errorf("%s leaks the key as %s: %.400s", name, strings.Join(forms, ", "), texts[forms[0]])
	}
}

func TestSecretsClientAndOptionsAreSilent(t *testing.T) {
	t.Parallel()
	for _, key := range keys {
		client, err := wrapper.NewClient(key)
		if err != nil {
			t.Fatal(err)
		}
		bare, err := wrapper.NewClient(key, wrapper.WithBareKey())
		if err != nil {
			t.Fatal(err)
		}
		editor, err := wrapper.APIKeyEditor(key)
		if err != nil {
			t.Fatal(err)
		}
		doer, err := wrapper.NewContractDoer(wrapper.DefaultBaseURL, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range map[string]any{
			"Client": client, "Client value": *client, "Generated": client.Generated(), "Generated value": *client.Generated(),
			"its inside": client.Generated().ClientInterface, "bare client": bare, "editor": editor, "doer": doer,
			"options": []wrapper.Option{wrapper.WithBareKey(), wrapper.WithRequestEditor(editor)},
		} {
			checkPrinted(t, key, name, v)
		}
	}
}

// talkative returns an error that prints the request, as some transports do.
type talkative struct{ fail func(*http.Request) error }

func (tr talkative) RoundTrip(req *http.Request) (*http.Response, error) {
	_ = req.Body.Close()
	return nil, tr.fail(req)
}

func (tr talkative) Do(req *http.Request) (*http.Response, error) { return tr.RoundTrip(req) }

// headerError is a value: printing what holds it prints it.
type headerError struct{ Header http.Header }

func (e headerError) Error() string { return fmt.Sprintf("no luck with %v", e.Header) }

func TestSecretsErrorsOfTransports(t *testing.T) {
	t.Parallel()
	fails := map[string]func(*http.Request) error{
		"a text":  func(req *http.Request) error { return fmt.Errorf("failed: %v", req.Header) },
		"quoted":  func(req *http.Request) error { return fmt.Errorf("failed: %q", req.Header) },
		"a value": func(req *http.Request) error { return headerError{req.Header} },
		"a long text": func(req *http.Request) error {
			return errors.New(strings.Repeat("x", 460) + req.Header.Get("Authorization"))
		},
	}
	for name, fail := range fails {
		for i, key := range keys {
			t.Run(fmt.Sprintf("%s/key %d", name, i), func(t *testing.T) {
				t.Parallel()
				client, err := wrapper.NewClient(key, once, wrapper.WithHTTPClient(&http.Client{Transport: talkative{fail}}))
				if err != nil {
					t.Fatal(err)
				}
				_, err = client.DeleteImagesTask(t.Context(), oneID)
				checkPrinted(t, key, "client", err)
				doer, _ := wrapper.NewContractDoer(wrapper.DefaultBaseURL, talkative{fail})
				edit, _ := wrapper.BearerEditor(key)
				plain, err := generated.NewClientWithResponses(wrapper.DefaultBaseURL, generated.WithHTTPClient(doer), generated.WithRequestEditorFn(edit))
				if err != nil {
					t.Fatal(err)
				}
				_, err = plain.DeleteImagesTaskWithResponse(context.Background(), oneID)
				checkPrinted(t, key, "doer", err)
			})
		}
	}
}
