package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The results of a check.
const (
	accepted = "accepted"
	rejected = "rejected"
	unknown  = "unknown"
)

// check is what the service makes of the key in one form.
type check struct{ err error }

func (c check) result() string {
	switch {
	case c.err == nil:
		return accepted
	case errors.Is(c.err, wrapper.ErrUnauthorized):
		return rejected
	}
	return unknown
}

// reason returns why the key was not accepted. For a rejection these are the service's
// words alone, since advice about the other form would be out of place beside its check.
func (c check) reason() string {
	var api *wrapper.APIError
	switch {
	case c.err == nil:
		return ""
	case c.result() == unknown || !errors.As(c.err, &api):
		return cli.Advisor{}.Describe(c.err).Error()
	}
	said := fmt.Sprintf("HTTP %d", api.HTTPStatus)
	if api.Code != 0 {
		said += fmt.Sprintf(", code %d", api.Code)
	}
	if api.Message != "" {
		said += " " + cli.Quote(api.Message)
	}
	return said
}

// forms are the checks of a key in both forms.
type forms struct{ bearer, bare check }

// checkForms tries a key in both forms. It returns an error for a key, a base URL or a
// context with which nothing can be tried.
func checkForms(ctx context.Context, e cli.Env, f *service.Flags, key string) (forms, error) {
	var both forms
	var clients [2]*wrapper.Client
	for i, bare := range []bool{false, true} {
		flags := *f
		flags.BareKey = bare
		client, err := flags.NewClient(e, key)
		if err != nil {
			return both, err
		}
		defer client.CloseIdleConnections()
		clients[i] = client
	}
	var running sync.WaitGroup // together, because each may take as long as its retries
	running.Go(func() { both.bearer.err = clients[0].CheckKey(ctx) })
	running.Go(func() { both.bare.err = clients[1].CheckKey(ctx) })
	running.Wait()
	if ctx.Err() != nil {
		return both, cli.Failf(cli.Interrupted, "interrupted")
	}
	return both, nil
}

// in returns the check of one form.
func (f forms) in(bare bool) check {
	if bare {
		return f.bare
	}
	return f.bearer
}

// both reports whether both forms have the same result.
func (f forms) both(result string) bool {
	return f.bearer.result() == result && f.bare.result() == result
}

// best returns the form that works: the usual one if both do. ok is false if neither is
// known to work.
func (f forms) best() (bare, ok bool) {
	switch accepted {
	case f.bearer.result():
		return false, true
	case f.bare.result():
		return true, true
	}
	return false, false
}

// authOf returns the value of TENSORSLAB_AUTH for a form. The usual form needs none.
func authOf(bare bool) string {
	if bare {
		return "bare"
	}
	return ""
}

func nameOf(bare bool) string {
	if bare {
		return "bare"
	}
	return "bearer"
}
