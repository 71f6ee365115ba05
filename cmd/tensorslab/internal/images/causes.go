package images

import (
	"errors"
	"net/http"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// causes are the kinds of failures that decide the exit status and the advice at the end.
type causes struct {
	unauthorized bool // the service rejected the key
	credits      bool // there are not enough credits
	divisible    bool // a batch failed that --isolate could divide
	status       int  // the most important exit status of a failure, or 0
}

func (c *causes) add(batch []string, err error) {
	c.status = cli.Worst(c.status, cli.StatusFor(err))
	c.unauthorized = c.unauthorized || errors.Is(err, wrapper.ErrUnauthorized)
	c.credits = c.credits || errors.Is(err, wrapper.ErrInsufficientCredits)
	c.divisible = c.divisible || len(batch) > 1 && isForIDs(err)
}

// isForIDs reports whether a batch was refused because of an id in it, or because of their
// number, so that --isolate would divide it. This has to agree with the library, which a
// test ensures for each status and code.
func isForIDs(err error) bool {
	var api *wrapper.APIError
	switch {
	case outcomeOf(err) != refused || !errors.As(err, &api):
		return false
	case errors.Is(err, wrapper.ErrUnauthorized), errors.Is(err, wrapper.ErrInsufficientCredits), errors.Is(err, wrapper.ErrRateLimited):
		return false
	}
	switch api.HTTPStatus {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return errors.Is(err, wrapper.ErrDeleteFailed) || errors.Is(err, wrapper.ErrFailure)
}
