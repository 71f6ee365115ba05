package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// verdict is what the caller gets: a response, or one of the types of error
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
	inEachMode bool                // it is a ContractError with Report and Off, too
}

func success(msg, status string) verdict {
	v := verdict{}
	v.response.Code, v.response.Msg, v.response.Data.Status = 1000, msg, status
	return v
}

// refused: the service responded, and did not act.
func refused(code int, msg string, sentinels ...error) verdict {
	return verdict{kind: new(*wrapper.APIError), code: code, msg: msg, sentinels: sentinels}
}

// doubtful: a response after which the service may have acted.
func doubtful(code int, msg string, sentinels ...error) verdict {
	return refused(code, msg, append(sentinels, wrapper.ErrOutcomeUnknown)...)
}

func deleteFailed(msg, status string) verdict {
	v := success(msg, status)
	v.kind, v.code, v.msg, v.sentinels = new(*wrapper.APIError), 1000, msg, []error{wrapper.ErrDeleteFailed}
	return v
}

// otherStatus: code 1000 and a data.status that is neither of the contract's words.
func otherStatus(msg, status string) verdict {
	v := success(msg, status)
	v.inEachMode = true
	v.kind, v.sentinels = new(*wrapper.ContractError), []error{wrapper.ErrContract, wrapper.ErrOutcomeUnknown}
	v.violations = []wrapper.Violation{{Pointer: "/data/status", Keyword: "enum"}}
	return v
}

// violatesSomehow leaves open which violations are listed.
func violatesSomehow() verdict {
	return verdict{kind: new(*wrapper.ContractError), sentinels: []error{wrapper.ErrContract, wrapper.ErrOutcomeUnknown}}
}

// violates takes each violation as "pointer keyword".
func violates(violations ...string) verdict {
	v := violatesSomehow()
	for _, violation := range violations {
		i := strings.LastIndexByte(violation, ' ')
		v.violations = append(v.violations, wrapper.Violation{Pointer: violation[:i], Keyword: violation[i+1:]})
	}
	return v
}

func violatesManyTimes() verdict {
	v := violatesSomehow()
	v.full = true
	return v
}

func tooLarge() verdict {
	v := violates(" " + wrapper.KeywordSize)
	v.sentinels = append(v.sentinels, wrapper.ErrResponseTooLarge)
	return v
}

// lost: the response broke off, or is not HTTP.
func lost(sentinels ...error) verdict {
	return verdict{kind: new(*wrapper.TransportError), sentinels: append(sentinels, wrapper.ErrOutcomeUnknown)}
}

// notSent: the service certainly received nothing.
func notSent(sentinels ...error) verdict {
	return verdict{kind: new(*wrapper.TransportError), sentinels: append(sentinels, wrapper.ErrNotSent)}
}

func (v verdict) at(status int) verdict {
	v.status = status
	return v
}

// isTimeout reports whether the caller gets a context.DeadlineExceeded.
func (v verdict) isTimeout() bool { return slices.Contains(v.sentinels, context.DeadlineExceeded) }

// checkKind checks that errors.As finds the wanted type and none of the others.
func checkKind(t *testing.T, err error, kind any) {
	t.Helper()
	for _, target := range []any{new(*wrapper.APIError), new(*wrapper.ContractError), new(*wrapper.TransportError), new(*wrapper.RequestError)} {
		got, want := errors.As(err, target), typeName(target) == typeName(kind)
		if got != want {
			t.Fatalf("errors.As(err, %s) = %t, want %t (%T: %v)", typeName(target), got, want, err, err)
		}
	}
}

// checkText checks what is promised of every error's text.
func checkText(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if len(text) >= 1024 || !utf8.ValidString(text) {
		t.Errorf("%d bytes, valid UTF-8: %t: %q", len(text), utf8.ValidString(text), cmp.Or(text[:min(len(text), 2048)]))
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("not printable at byte %d: %q", i, text)
	}
	if strings.Contains(text, testKey) || strings.Contains(text, canary) {
		t.Errorf("holds the key or the body: %s", text)
	}
}

func typeName(v any) string { return strings.TrimLeft(fmt.Sprintf("%T", v), "*") }

func checkViolations(t *testing.T, v verdict, got []wrapper.Violation) {
	t.Helper()
	switch {
	case v.full && len(got) != maxViolations:
		t.Errorf("%d violations listed, want %d", len(got), maxViolations)
	case len(got) == 0 || len(got) > maxViolations:
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

// listed returns violations as "pointer: keyword", or the keyword alone for the
// whole body, separated by commas.
func listed(violations []wrapper.Violation) string {
	var list []string
	for _, v := range violations {
		list = append(list, strings.TrimPrefix(v.Pointer+": "+v.Keyword, ": "))
	}
	return strings.Join(list, ", ")
}
