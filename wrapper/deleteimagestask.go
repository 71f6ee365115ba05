package wrapper

import (
	"context"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/subject"
)

const opDeleteImagesTask = "deleteImagesTask"

// DeleteImagesTask deletes the image tasks in req.TaskIDs in one request
// (POST /v1/images/deleteimagestask). The contract neither limits their number
// nor says how UID relates to the key; ids are opaque and sent as they are.
//
// A nil error means that the service confirmed the deletion of the whole batch
// with code 1000 and data.status "Success", or no status. "Failed" is
// [ErrDeleteFailed]; any other word is a [*ContractError], since the contract's
// text names these two only. Deleting is idempotent, so it is retried automatically
// within the retry policy.
//
// See https://docs.tensorslab.com/api-reference/task-management/delete-image-task.
func (c *Client) DeleteImagesTask(ctx context.Context, req generated.DeleteImagesTaskRequest) (*generated.DeleteImagesTaskResponse, error) {
	if err := c.checkDeletion(ctx, req); err != nil {
		return nil, err
	}
	return c.deleteImagesTask(ctx, req, false)
}

// deleteImagesTask sends a request that has been checked; for doubt see [call].
func (c *Client) deleteImagesTask(ctx context.Context, req generated.DeleteImagesTaskRequest, doubt bool) (*generated.DeleteImagesTaskResponse, error) {
	rest := req
	rest.TaskIDs = nil
	body, unfit := contract.MarshalTexts(req, rest, "taskids", req.TaskIDs)
	if unfit != nil {
		return nil, invalid(opDeleteImagesTask, unfit.Pointer, "%s", unfit.Reason)
	}
	raw, err := request(ctx, c.engine, opDeleteImagesTask, generated.NewDeleteImagesTaskRequest, body)
	resp, _, err := call(ctx, c.engine, opDeleteImagesTask, doubt, raw, err, func(r *generated.DeleteImagesTaskResponse) subject.Said {
		return subject.Said{Code: r.Code, Status: r.Data.Status}
	})
	return resp, err
}

func (c *Client) checkDeletion(ctx context.Context, req generated.DeleteImagesTaskRequest) error {
	if err := c.ready(ctx, opDeleteImagesTask); err != nil {
		return err
	}
	switch {
	case len(req.TaskIDs) == 0:
		return invalid(opDeleteImagesTask, "/taskids", "holds no id")
	case !utf8.ValidString(req.UID):
		return invalid(opDeleteImagesTask, "/uid", "is not valid UTF-8")
	}
	return nil
}
