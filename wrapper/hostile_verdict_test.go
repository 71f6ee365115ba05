package wrapper_test

import (
	"cmp"
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// verdict is what a caller is owed: a response, or one of the types of error
// with exactly these sentinels.
type verdict struct {
	kind       any // a pointer to the type that errors.As finds; nil for a response
	response   generated.DeleteImagesTaskResponse
	code       int
	msg        string
	status     int // 0: that of the row
	sentinels  []error
	violations []wrapper.Violation // nil: at least one
	full       bool                // as many violations as are ever listed
	readable   bool                // only DeleteImagesTask takes it for an error
}

func success(msg, status string) verdict {
	v := verdict{}
	v.response.Code, v.response.Msg, v.response.Data.Status = 1000, msg, status
	return v
}

// refused: the service answered, and did not act.
func refused(code int, msg string, sentinels ...error) verdict {
	return verdict{kind: new(*wrapper.APIError), code: code, msg: msg, sentinels: sentinels}
}

// doubtful: an answer after which nobody knows whether the service acted.
func doubtful(code int, msg string, sentinels ...error) verdict {
	return refused(code, msg, append(sentinels, wrapper.ErrOutcomeUnknown)...)
}

func deleteFailed(msg, status string) verdict {
	v := success(msg, status)
	v.readable = true
	v.kind, v.code, v.msg, v.sentinels = new(*wrapper.APIError), 1000, msg, []error{wrapper.ErrDeleteFailed}
	return v
}

// breaksSomehow leaves open which breaches are listed.
func breaksSomehow() verdict {
	return verdict{kind: new(*wrapper.ContractError), sentinels: []error{wrapper.ErrContract, wrapper.ErrOutcomeUnknown}}
}

// breaks takes each breach as "pointer keyword".
func breaks(violations ...string) verdict {
	v := breaksSomehow()
	for _, violation := range violations {
		i := strings.LastIndexByte(violation, ' ')
		v.violations = append(v.violations, wrapper.Violation{Pointer: violation[:i], Keyword: violation[i+1:]})
	}
	return v
}

func breaksAtMost() verdict {
	v := breaksSomehow()
	v.full = true
	return v
}

func tooLarge() verdict {
	v := breaks(" " + wrapper.KeywordSize)
	v.sentinels = append(v.sentinels, wrapper.ErrResponseTooLarge)
	return v
}

// lost: the answer broke off, or cannot be read as HTTP.
func lost(sentinels ...error) verdict {
	return verdict{kind: new(*wrapper.TransportError), sentinels: append(sentinels, wrapper.ErrOutcomeUnknown)}
}

// notSent: the service certainly got nothing.
func notSent(sentinels ...error) verdict {
	return verdict{kind: new(*wrapper.TransportError), sentinels: append(sentinels, wrapper.ErrNotSent)}
}

func (v verdict) at(status int) verdict {
	v.status = status
	return v
}

// everySentinel is the complete list: an error must match those owed and no other.
var everySentinel = map[string]error{
	"ErrInvalidKey": wrapper.ErrInvalidKey, "ErrInvalidOption": wrapper.ErrInvalidOption,
	"ErrInvalidRequest": wrapper.ErrInvalidRequest, "ErrInsufficientCredits": wrapper.ErrInsufficientCredits,
	"ErrFailure": wrapper.ErrFailure, "ErrDeleteFailed": wrapper.ErrDeleteFailed, "ErrUnauthorized": wrapper.ErrUnauthorized,
	"ErrRateLimited": wrapper.ErrRateLimited, "ErrServer": wrapper.ErrServer, "ErrRedirected": wrapper.ErrRedirected,
	"ErrContract": wrapper.ErrContract, "ErrResponseTooLarge": wrapper.ErrResponseTooLarge,
	"ErrNotFound": wrapper.ErrNotFound, "ErrTaskFailed": wrapper.ErrTaskFailed, "ErrWaitTimeout": wrapper.ErrWaitTimeout,
	"ErrPrivateHost": wrapper.ErrPrivateHost,
	"ErrNotSent":     wrapper.ErrNotSent, "ErrOutcomeUnknown": wrapper.ErrOutcomeUnknown,
	"context.Canceled": context.Canceled, "context.DeadlineExceeded": context.DeadlineExceeded,
}

func checkSentinels(t *testing.T, err error, owed []error) {
	t.Helper()
	if e := (*wrapper.APIError)(nil); errors.As(err, &e) && e.HTTPStatus == http.StatusNotFound {
		owed = append(slices.Clone(owed), wrapper.ErrNotFound)
	}
	for name, sentinel := range everySentinel {
		if got, want := errors.Is(err, sentinel), slices.Contains(owed, sentinel); got != want {
			t.Errorf("errors.Is(err, %s) = %t, want %t (%v)", name, got, want, err)
		}
	}
}

func TestEverySentinelIsListed(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Err") {
			return true
		}
		if found++; everySentinel[spec.Names[0].Name] == nil {
			t.Errorf("%s is not in everySentinel", spec.Names[0].Name)
		}
		return true
	})
	if found < 14 {
		t.Errorf("only %d sentinels found in errors.go", found)
	}
}

// checkKind holds that errors.As finds the type owed and none of the others.
func checkKind(t *testing.T, err error, kind any) {
	t.Helper()
	for _, target := range []any{new(*wrapper.APIError), new(*wrapper.ContractError), new(*wrapper.TransportError), new(*wrapper.RequestError)} {
		got, want := errors.As(err, target), typeName(target) == typeName(kind)
		if got != want {
			t.Fatalf("errors.As(err, %s) = %t, want %t (%T: %v)", typeName(target), got, want, err, err)
		}
	}
}

// checkText holds what is promised of every error's text.
func checkText(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if len(text) >= 1024 || !utf8.ValidString(text) {
		t.Errorf("%d bytes, valid UTF-8: %t: %q", len(text), utf8.ValidString(text), cmp.Or(text[:min(len(text), 2048)]))
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("not printable at byte %d: %q", i, text)
	}
	if strings.Contains(text, hostileKey) || strings.Contains(text, canary) {
		t.Errorf("holds the key or the body: %s", text)
	}
}

func checkViolations(t *testing.T, v verdict, got []wrapper.Violation) {
	t.Helper()
	switch {
	case v.full && len(got) != wrapper.MaxViolations:
		t.Errorf("%d violations listed, want %d", len(got), wrapper.MaxViolations)
	case len(got) == 0 || len(got) > wrapper.MaxViolations:
		t.Errorf("%d violations listed", len(got))
	}
	if v.violations == nil {
		return
	}
	byPlace := func(a, b wrapper.Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword))
	}
	got, want := slices.SortedFunc(slices.Values(got), byPlace), slices.SortedFunc(slices.Values(v.violations), byPlace)
	if !slices.Equal(got, want) {
		t.Errorf("violations %q, want %q", got, want)
	}
}
