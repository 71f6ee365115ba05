package wrapper

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
)

const opDeleteImagesTask = "deleteImagesTask"

// DeleteImagesTask deletes the image tasks in req.TaskIDs in one request
// (POST /v1/images/deleteimagestask). The contract limits neither their number
// nor says how UID relates to the key; ids are opaque and sent as they are.
//
// A nil error means that the service confirmed the deletion of the whole batch
// with code 1000. Otherwise the error is a [*RequestError] (nothing sent),
// [*APIError] (refused), [*ContractError] or [*TransportError]; errors.Is with
// [ErrOutcomeUnknown] tells whether the service may have acted. Deleting is
// idempotent, so it is repeated by itself within the retry policy.
//
// See https://docs.tensorslab.com/api-reference/task-management/delete-image-task.
func (c *Client) DeleteImagesTask(ctx context.Context, req generated.DeleteImagesTaskRequest) (*generated.DeleteImagesTaskResponse, error) {
	if err := checkDeletion(ctx, req); err != nil {
		return nil, err
	}
	return c.deleteImagesTask(ctx, req)
}

// deleteImagesTask sends a request that has been checked.
func (c *Client) deleteImagesTask(ctx context.Context, req generated.DeleteImagesTaskRequest) (*generated.DeleteImagesTaskResponse, error) {
	raw, err := c.checked.DeleteImagesTask(ctx, req) //nolint:bodyclose // the pipeline has read and closed it
	if err != nil {
		return nil, typed(opDeleteImagesTask, err)
	}
	return confirmDeletion(raw)
}

func checkDeletion(ctx context.Context, req generated.DeleteImagesTaskRequest) error {
	switch {
	case ctx == nil:
		return invalid(opDeleteImagesTask, "", "the context is nil")
	case len(req.TaskIDs) == 0:
		return invalid(opDeleteImagesTask, "/taskids", "holds no id")
	case !utf8.ValidString(req.UID):
		return invalid(opDeleteImagesTask, "/uid", "is not valid UTF-8")
	}
	for i, id := range req.TaskIDs {
		if isPlain(id) {
			continue
		}
		if reason := idFault(id); reason != "" {
			return invalid(opDeleteImagesTask, path{keyStep("taskids"), indexStep(i)}.pointer(), "%s", reason)
		}
	}
	return nil
}

// idFault says why an id can't be sent. Invalid UTF-8 would reach the service
// as another id: encoding/json replaces it.
func idFault(id string) string {
	switch {
	case strings.TrimSpace(id) == "":
		return "is blank"
	case !utf8.ValidString(id):
		return "is not valid UTF-8"
	}
	return ""
}

// isPlain is the short way through idFault for nearly every one of millions of ids.
func isPlain(id string) bool {
	return id != "" && id[0] > ' ' && id[0] < utf8.RuneSelf && utf8.ValidString(id)
}

// confirmDeletion looks at what the schema can't say.
func confirmDeletion(raw *http.Response) (*generated.DeleteImagesTaskResponse, error) {
	resp, c, err := decode(raw, func(r *generated.DeleteImagesTaskResponse) int { return r.Code })
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(strings.TrimSpace(resp.Data.Status), "Failed") {
		e := c.apiError(raw, outcomeNotActed)
		e.deleteFailed = true
		return nil, e
	}
	return resp, nil
}
