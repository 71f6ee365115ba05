package images

import (
	"errors"
	"net/http"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// causes are the kinds of failures that decide the exit status and the advice at the end.
type causes struct {
	unauthorized bool // the service rejected the key
	credits      bool // there are not enough credits
	divisible    bool // a batch failed that --isolate could divide
}

func (c *causes) add(batch []string, err error) {
	c.unauthorized = c.unauthorized || errors.Is(err, wrapper.ErrUnauthorized)
	c.credits = c.credits || errors.Is(err, wrapper.ErrInsufficientCredits)
	c.divisible = c.divisible || len(batch) > 1 && isForIDs(err)
}

// isForIDs reports whether a batch was refused because of an id in it, so that the other
// ids could be deleted without it.
func isForIDs(err error) bool {
	var api *wrapper.APIError
	switch {
	case outcomeOf(err) != refused || !errors.As(err, &api):
		return false
	case api.HTTPStatus == http.StatusBadRequest, api.HTTPStatus == http.StatusRequestEntityTooLarge,
		api.HTTPStatus == http.StatusUnprocessableEntity, api.HTTPStatus == http.StatusOK && api.Code == wrapper.CodeFailure:
		return true
	}
	return errors.Is(err, wrapper.ErrDeleteFailed)
}
