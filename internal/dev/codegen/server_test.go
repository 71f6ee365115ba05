package codegen

import (
	"strings"
	"testing"
)

// Contracts that are valid, and whose operations the client can't call: the reason
// names the operation and the scheme, or the server.
func TestValidateRefusesWhatCannotBeCalled(t *testing.T) {
	t.Parallel()
	const scheme = `"in": "header",
        "name": "Authorization",`
	for name, tt := range map[string]struct{ contract, want string }{
		"OAuth 2": {contract(t, `"type": "apiKey"`, `"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.example/token", "scopes": {}}}`, scheme, ""),
			`operation deleteImagesTask: its security scheme "ApiKeyAuth" (oauth2)`},
		"OpenID":             {contract(t, `"type": "apiKey"`, `"type": "openIdConnect", "openIdConnectUrl": "https://a.example/openid"`, scheme, ""), "(openIdConnect)"},
		"basic":              {contract(t, `"type": "apiKey"`, `"type": "http", "scheme": "basic"`, scheme, ""), "(http basic)"},
		"a cookie":           {contract(t, `"in": "header"`, `"in": "cookie"`), "(apiKey in cookie)"},
		"a reserved header":  {contract(t, `"name": "Authorization"`, `"name": "Host"`), "can't carry a key"},
		"plain http":         {contract(t, "https://api.tensorslab.com", "http://api.tensorslab.com"), `first server "http://api.tensorslab.com" is not https`},
		"a relative server":  {contract(t, "https://api.tensorslab.com", "/v1"), `"/v1" is relative`},
		"a private server":   {contract(t, "https://api.tensorslab.com", "https://10.0.0.1"), "is not a public host"},
		"no server":          {contract(t, `"servers": [`, `"x-servers": [`), "lists no server"},
		"an operation's own": {contract(t, `"operationId": "deleteImagesTask",`, `"operationId": "deleteImagesTask", "servers": [{"url": "https://tasks.example.com"}],`), `operation deleteImagesTask: it has a server of its own, "https://tasks.example.com"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Validate([]byte(tt.contract))
			oneLine(t, err)
			if !strings.HasPrefix(err.Error(), "the contract can't be used: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
