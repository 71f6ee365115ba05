package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// echoes are responses of services and gateways that repeat the request's header.
var echoes = map[string]func(http.ResponseWriter, string){
	"msg":        func(w http.ResponseWriter, key string) { echoJSON(w, 200, `{"code":9999,"msg":"bad key %s"}`, key) },
	"msg at 401": func(w http.ResponseWriter, key string) { echoJSON(w, 401, `{"code":9999,"msg":"%s"}`, key) },
	"msg with Failed": func(w http.ResponseWriter, key string) {
		echoJSON(w, 200, `{"code":1000,"msg":"%s","data":{"status":"Failed"}}`, key)
	},
	"text":  func(w http.ResponseWriter, key string) { echoJSON(w, 502, `Authorization: %s`, key) },
	"value": func(w http.ResponseWriter, key string) { echoJSON(w, 200, `{"code":"%s","msg":"ok","data":{}}`, key) },
	"repeated name": func(w http.ResponseWriter, key string) {
		echoJSON(w, 200, `{"code":1000,"msg":"ok","data":{},"%[1]s":1,"%[1]s":2}`, key)
	},
	"name cut in two": func(w http.ResponseWriter, key string) {
		echoJSON(w, 200, `{"code":1000,"msg":"ok","data":{},"`+strings.Repeat("p", 75)+`%[1]s":1,"`+strings.Repeat("p", 75)+`%[1]s":2}`, key)
	},
	"name of an outer": func(w http.ResponseWriter, key string) {
		echoJSON(w, 200, `{"code":1000,"msg":"ok","data":{},"%s":{"a":1,"a":2}}`, key)
	},
	"escaped slashes": func(w http.ResponseWriter, key string) {
		echoJSON(w, 400, `{"code":9999,"msg":"%s"}`, strings.ReplaceAll(key, "/", `\/`))
	},
	"not JSON": func(w http.ResponseWriter, key string) { echoJSON(w, 200, `%s`, key) },
	"redirect": func(w http.ResponseWriter, key string) {
		w.Header().Set("Location", "/?key="+key)
		echoJSON(w, 307, `%s`, key)
	},
	"request id": func(w http.ResponseWriter, key string) {
		w.Header().Set("X-Request-Id", "for "+key)
		echoJSON(w, 500, `{}`, key)
	},
	"request id of a violation": func(w http.ResponseWriter, key string) {
		w.Header().Set("X-Request-Id", key)
		echoJSON(w, 200, `{}`, key)
	},
	"every header": func(w http.ResponseWriter, key string) {
		for _, name := range []string{"Retry-After", "Server", "Www-Authenticate", "X-Request-Id", "Content-Type", "Set-Cookie", "Warning"} {
			w.Header().Set(name, key)
		}
		w.WriteHeader(200)
		_, _ = io.WriteString(w, successBody)
	},
	"status line": func(w http.ResponseWriter, key string) {
		testkit.WriteRaw(w, "HTTP/1.1 429 "+key+"\r\nRetry-After: "+key+"\r\n\r\n")
	},
	"malformed HTTP": func(w http.ResponseWriter, key string) { testkit.WriteRaw(w, "HTTP/1.1 "+key+" "+key+"\r\n\r\n") },
	"malformed name": func(w http.ResponseWriter, key string) {
		testkit.WriteRaw(w, "HTTP/1.1 200 OK\r\n"+key+" : "+key+"\r\n\r\n")
	},
	"transfer coding": func(w http.ResponseWriter, key string) {
		testkit.WriteRaw(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: "+key+"\r\n\r\n")
	},
	"content length": func(w http.ResponseWriter, key string) {
		testkit.WriteRaw(w, "HTTP/1.1 200 OK\r\nContent-Length: "+key+"\r\n\r\n")
	},
	"trailer": func(w http.ResponseWriter, key string) {
		testkit.WriteRaw(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+key+"\r\n")
	},
	"its last word": func(w http.ResponseWriter, key string) {
		echoJSON(w, 401, `{"code":9999,"msg":"bad key %s"}`, key[strings.LastIndexByte(key, ' ')+1:])
	},
	"over and over, to the end of what is kept": func(w http.ResponseWriter, key string) {
		for i := range 200 {
			_, _ = fmt.Fprintf(w, "%s%s", key, strings.Repeat(".", i))
		}
	},
	"across the cut of what is kept": func(w http.ResponseWriter, key string) {
		w.WriteHeader(500)
		_, _ = io.WriteString(w, key+strings.Repeat(".", maxErrorBodyBytes-len(key)+1)+key)
	},
}

// echoJSON fills the key into a body.
func echoJSON(w http.ResponseWriter, status int, format, key string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if strings.Contains(format, "%") {
		format = fmt.Sprintf(format, key)
	}
	_, _ = io.WriteString(w, format)
}

func TestSecretsEchoedKey(t *testing.T) {
	t.Parallel()
	for name, echo := range echoes {
		for i, key := range keys {
			for _, bearer := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/key %d/bearer %t", name, i, bearer), func(t *testing.T) {
					t.Parallel()
					server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						_, _ = io.Copy(io.Discard, r.Body)
						echo(w, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
					}))
					t.Cleanup(server.Close)
					for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
						checkEcho(t, server.URL, key, bearer, mode)
					}
				})
			}
		}
	}
}

func checkEcho(t *testing.T, base, key string, bearer bool, mode wrapper.ValidationMode) {
	t.Helper()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options := []wrapper.Option{
		wrapper.WithBaseURL(base), fast, wrapper.WithLogger(logger), wrapper.WithValidation(mode),
		wrapper.WithHTTPClient(&http.Client{Transport: testkit.Transport(t)}),
	}
	if !bearer {
		options = append(options, wrapper.WithBareKey())
	}
	client, err := wrapper.NewClient(key, options...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.DeleteImagesTask(t.Context(), oneID)
	checkPrinted(t, key, mode.String(), err)
	var api *wrapper.APIError
	if errors.As(err, &api) && (leaks(string(api.Body), key) || leaks(api.Message, key) || leaks(api.RequestID, key)) {
		t.Errorf("a field holds the key: %.300s … %.300s %q %q", api.Body, api.Body[max(0, len(api.Body)-60):], api.Message, api.RequestID)
	}
	for _, err := range client.PurgeImagesTasks(t.Context(), func(yield func(string) bool) { yield("a") }, wrapper.PurgeOptions{}) {
		checkPrinted(t, key, "purge", err)
	}
	if leaks(log.String(), key) {
		t.Errorf("%s logs the key: %s", mode, log.String())
	}
}
