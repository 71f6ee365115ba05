package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// secured is a contract of one operation, with a security section and schemes.
func secured(security, ofOperation string) string {
	return fmt.Sprintf(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.example.com"}]%s,
  "paths": {"/v1/a": {"post": {"operationId": "a"%s, "responses": {"200": {"description": "ok"}}}}},
  "components": {"securitySchemes": {
    "Today": {"type": "apiKey", "in": "header", "name": "authorization"}, "Header": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "Query": {"type": "apiKey", "in": "query", "name": "api key"}, "Token": {"type": "http", "scheme": "Bearer"},
    "Basic": {"type": "http", "scheme": "basic"}, "Cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "OAuth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.example/token", "scopes": {}}}},
    "OpenID": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example/"},
    "Agent": {"type": "apiKey", "in": "header", "name": "user-agent"}, "Odd": {"type": "apiKey", "in": "header", "name": "x key"}}}}`, security, ofOperation)
}

func TestWhereTheKeyGoes(t *testing.T) {
	t.Parallel()
	bearer, header := Key{"header", "Authorization", true}, Key{"header", "X-Api-Key", false}
	for name, tt := range map[string]struct {
		security, ofOperation string
		want                  Key
		refused               string
	}{
		"today's":                        {"", `[{"Today": []}]`, Key{"header", "Authorization", false}, ""},
		"another header":                 {"", `[{"Header": []}]`, header, ""},
		"query":                          {"", `[{"Query": []}]`, Key{"query", "api key", false}, ""},
		"bearer":                         {"", `[{"Token": []}]`, bearer, ""},
		"of the document":                {`[{"Token": []}]`, "", bearer, ""},
		"the operation's own":            {`[{"OAuth": []}]`, `[{"Header": []}]`, header, ""},
		"none":                           {"", "", Key{}, ""},
		"none by an empty list":          {`[{"OAuth": []}]`, `[]`, Key{}, ""},
		"none allowed":                   {"", `[{}]`, Key{}, ""},
		"none allowed, or a key":         {"", `[{}, {"Header": []}]`, header, ""},
		"none allowed, or OAuth":         {"", `[{"OAuth": ["read"]}, {}]`, Key{}, ""},
		"an alternative that can":        {"", `[{"OAuth": []}, {"Basic": []}, {"Header": []}, {"Token": []}]`, header, ""},
		"OAuth":                          {"", `[{"OAuth": ["read"]}]`, Key{}, `operation a: its security scheme "OAuth" (oauth2)`},
		"OpenID":                         {`[{"OpenID": []}]`, "", Key{}, `"OpenID" (openIdConnect)`},
		"basic":                          {"", `[{"Basic": []}]`, Key{}, `"Basic" (http basic)`},
		"cookie":                         {"", `[{"Cookie": []}]`, Key{}, `"Cookie" (apiKey in cookie)`},
		"the first of those that cannot": {"", `[{"Basic": []}, {"Cookie": []}]`, Key{}, `"Basic"`},
		"two together":                   {"", `[{"Header": [], "Token": []}]`, Key{}, "Header and Token together"},
		"two together, or one":           {"", `[{"Header": [], "OAuth": []}, {"Token": []}]`, bearer, ""},
		"a header of the client's":       {"", `[{"Agent": []}]`, Key{}, `"Agent" (apiKey in header)`},
		"no name of a header":            {"", `[{"Odd": []}]`, Key{}, `"Odd" (apiKey in header)`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			security, ofOperation := tt.security, tt.ofOperation
			if security != "" {
				security = `, "security": ` + security
			}
			if ofOperation != "" {
				ofOperation = `, "security": ` + ofOperation
			}
			d := parseText(t, secured(security, ofOperation))
			err := CheckSecurity(d.Spec)
			if (err == nil) != (tt.refused == "") || err != nil && !strings.Contains(err.Error(), tt.refused) {
				t.Errorf("got %v, want %q", err, tt.refused)
			}
			if got := d.Operation("a").Key; got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestOnlyTodaysSchemeLeavesTheFormOpen(t *testing.T) {
	t.Parallel()
	for key, want := range map[Key]bool{
		{"header", "Authorization", false}: true, {"header", "Authorization", true}: false, {"header", "X-Api-Key", false}: false,
		{"query", "Authorization", false}: false, {}: false,
	} {
		if got := key.IsAmbiguous(); got != want {
			t.Errorf("%+v: %t", key, got)
		}
	}
}

func TestKeyIsPutInItsPlaceAlone(t *testing.T) {
	t.Parallel()
	query := Key{In: "query", Name: "api key"}
	for _, tt := range []struct {
		key    Key
		url    string
		want   string // the URL
		header string
	}{
		{Key{In: "header", Name: "X-Api-Key"}, "https://a.test/x?b=1", "https://a.test/x?b=1", "s+ 1"},
		{query, "https://a.test/x", "https://a.test/x?api+key=s%2B+1", ""},
		{query, "https://a.test/x?b=2&a=%20&a=1", "https://a.test/x?b=2&a=%20&a=1&api+key=s%2B+1", ""},
		{query, "https://a.test/x?api%20key=old&b=2&api+key", "https://a.test/x?b=2&api+key=s%2B+1", ""},
		{Key{}, "https://a.test/x?b=1", "https://a.test/x?b=1", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		before := req.URL
		KeySetter("s+ 1", true)(req, tt.key, make([]string, 1))
		if req.URL.String() != tt.want || before.String() != tt.url || req.Header.Get("X-Api-Key") != tt.header || len(req.Header) > 1 {
			t.Errorf("%+v: %s, %v, and the old URL is %s", tt.key, req.URL, req.Header, before)
		}
	}
}

func TestSentFindsEachPlace(t *testing.T) {
	t.Parallel()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://a.test/x?k=in%2Dquery&other=x", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer mine")
	req.Header.Set("X-Api-Key", "in-header")
	for key, want := range map[Key][]string{
		{}:                                    {"Bearer mine"},
		{In: "header", Name: "Authorization"}: {"Bearer mine"},
		{In: "header", Name: "X-Api-Key"}:     {"Bearer mine", "in-header"},
		{In: "query", Name: "k"}:              {"Bearer mine", "in-query"},
		{In: "query", Name: "none"}:           {"Bearer mine"},
	} {
		if got := key.Sent(req); !slices.Equal(got, want) {
			t.Errorf("%+v: %q, want %q", key, got, want)
		}
	}
	if len(req.Header["Authorization"]) != 1 {
		t.Errorf("the request is changed: %v", req.Header)
	}
}

func TestKeySetterWritesBearerWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	today, bearer := Key{In: "header", Name: "Authorization"}, Key{In: "header", Name: "Authorization", Bearer: true}
	for _, tt := range []struct {
		key  Key
		bare bool
		want string
	}{{today, false, "Bearer k"}, {today, true, "k"}, {bearer, false, "Bearer k"}, {bearer, true, "Bearer k"}, {Key{}, false, ""}} {
		req := &http.Request{Header: http.Header{}}
		KeySetter("k", tt.bare)(req, tt.key, make([]string, 1))
		if got := req.Header.Get("Authorization"); got != tt.want {
			t.Errorf("%+v, bare %t: %q", tt.key, tt.bare, got)
		}
	}
}
