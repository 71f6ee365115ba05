package wrapper

import (
	"encoding/json"
	"errors"
	"net/http"
)

// decode reads an answer that the pipeline let pass. It looks at the code
// again, because validation may be off.
func decode[T any](raw *http.Response, code func(*T) int) (*T, *call, error) {
	c, resp := callOf(raw.Request), new(T)
	if err := json.Unmarshal(c.answer.data, resp); err != nil {
		return nil, c, c.contractError(raw, []Violation{{"", "type"}})
	}
	if code(resp) != CodeSuccess {
		return nil, c, c.contractError(raw, []Violation{{"/code", "required"}})
	}
	return resp, c, nil
}

// typed gives an error from before the pipeline one of our types: a request
// editor failed, or the request could not be built.
func typed(operation string, err error) error {
	var request *RequestError
	switch {
	case errors.As(err, new(*APIError)), errors.As(err, new(*ContractError)), errors.As(err, new(*TransportError)):
		return err
	case errors.As(err, &request):
		request.Operation = operation
		return request
	}
	return &RequestError{Operation: operation, Reason: "it could not be built: " + err.Error(), Err: err}
}
