package wrapper

import (
	"context"
	"errors"
	"fmt"

	"github.com/tensorslab/tensorslab-go/internal/subject"
)

// CheckKey finds out whether the service accepts the key, in the form in which c
// sends it. It queries a task that cannot exist, which is free and changes nothing.
//
// A nil error means that the service accepted the key: it looked for the task and said
// so, by HTTP 404 with a code, by code 9999 and a message about the task, or by code
// 1000. An error that matches [ErrUnauthorized] means that it rejected the key: by HTTP
// 401 or 403 (without an HTML page, which a gateway sends), by code 401 or 403, or by a
// message about it. Any other error leaves that open, and wraps [Client.InfoByTaskID]'s.
// Which responses a rejected key gets is not published, so messages are a guess.
func (c *Client) CheckKey(ctx context.Context) error {
	_, err := c.InfoByTaskID(ctx, "tensorslab-go_no_such_task")
	if said := new(APIError); errors.As(err, &said) {
		about := subject.OfQuery(said.HTTPStatus, said.Code, said.Message)
		if about == subject.Task {
			return nil
		}
		said.keyRejected = about == subject.Key
	}
	if err == nil || errors.Is(err, ErrUnauthorized) {
		return err
	}
	return fmt.Errorf("tensorslab: it is unknown whether the service accepts the key: %w", err)
}
