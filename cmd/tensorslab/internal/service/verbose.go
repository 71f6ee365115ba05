package service

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Traced returns options that make a client print a line for each attempt of a request, if
// --verbose asks for that. The base URL is that of the client; it may be empty.
func (f *Flags) Traced(e cli.Env, base string) []wrapper.Option {
	if !f.Verbose {
		return nil
	}
	return []wrapper.Option{wrapper.WithLogger(slog.New(&attempts{e: e, base: withoutSecrets(base), advisor: f.Advisor()}))}
}

// TraceDownload prints what came of the download of an image, if --verbose asks for that:
// one line for all attempts, which the library does not tell apart. The address is printed without its query, which may be a signature.
func (f *Flags) TraceDownload(e cli.Env, address string, took time.Duration, got wrapper.Downloaded, err error) {
	if !f.Verbose {
		return
	}
	result := "HTTP 200, " + cli.Count(int(got.Bytes), "byte") // no other status is a success
	if err != nil {
		result = f.Advisor().Brief(err)
	}
	trace(e, fmt.Sprintf("GET %s: %s, %v", withoutSecrets(address), result, took.Round(time.Millisecond)))
}

func trace(e cli.Env, text string) {
	fmt.Fprintln(e.Stderr, "tensorslab: "+cli.OneLine(e.Secret.Text(text)))
}

// withoutSecrets returns an address without what may hold credentials.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that is no URL"
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}

// attempts is a [slog.Handler] that prints the client's records of attempts. They hold
// neither keys nor bodies nor ids.
type attempts struct {
	e       cli.Env
	base    string
	advisor cli.Advisor
}

// Enabled returns true: --verbose asks for all records.
func (a *attempts) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs returns the same handler, since the client adds no attributes.
func (a *attempts) WithAttrs([]slog.Attr) slog.Handler { return a }

// WithGroup returns the same handler, since the client makes no groups.
func (a *attempts) WithGroup(string) slog.Handler { return a }

// Handle prints a record.
func (a *attempts) Handle(_ context.Context, r slog.Record) error {
	said := map[string]slog.Value{}
	r.Attrs(func(attr slog.Attr) bool {
		said[attr.Key] = attr.Value
		return true
	})
	if _, ok := said["attempt"]; !ok {
		return nil
	}
	result := "no response"
	if status, ok := said["status"]; ok {
		result = fmt.Sprintf("HTTP %d", status.Int64())
	}
	if err, ok := said["error"].Any().(error); ok {
		result = a.advisor.Brief(err)
	}
	text := fmt.Sprintf("%s: %s, %v, attempt %d", a.request(said["operation"].String()), result, said["duration"].Duration().Round(time.Millisecond), said["attempt"].Int64())
	if id := said["request_id"]; id.Kind() == slog.KindString && id.String() != "" {
		text += ", request id " + cli.Quote(id.String())
	}
	trace(a.e, text)
	return nil
}

// request returns the method and the address of an operation.
func (a *attempts) request(operation string) string {
	place, ok := places()[operation]
	if !ok {
		return operation
	}
	return place.method + " " + strings.TrimRight(a.base, "/") + place.path
}

type place struct{ method, path string }

// places are the operations of the contract, by their ids.
var places = sync.OnceValue(func() map[string]place {
	var contract struct {
		Paths map[string]map[string]json.RawMessage
	}
	found := map[string]place{}
	_ = json.Unmarshal(vendored.Images.Spec(), &contract) // an operation that is not found is named by its id
	for path, item := range contract.Paths {
		for method, text := range item {
			var operation struct{ OperationID string }
			if json.Unmarshal(text, &operation) == nil && operation.OperationID != "" {
				found[operation.OperationID] = place{strings.ToUpper(method), path}
			}
		}
	}
	return found
})
