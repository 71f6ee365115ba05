package wrapper

import (
	"context"

	"github.com/tensorslab/tensorslab-go/generated"
)

const opInfoByTaskID = "infoByTaskId"

// InfoByTaskID tells how far one image task is and, once it is completed, where
// its images are (POST /v1/images/infobytaskid). The id is opaque and sent as it
// is.
//
// A nil error means that the service knows the task. A task that failed is an
// answer as well: see its ImageStatus and ErrorMessage. Otherwise the error is a
// [*RequestError], [*APIError] ([ErrNotFound] if there is no such task),
// [*ContractError], also where the answer is about another task, or
// [*TransportError]. A query changes nothing, so it is repeated by itself within
// the retry policy and its outcome is never in doubt.
//
// See https://docs.tensorslab.com/api-reference/task-management/query-image-info-by-taskid.
func (c *Client) InfoByTaskID(ctx context.Context, taskID string) (*generated.ImageInfoResponse, error) {
	resp, _, err := c.infoByTaskID(ctx, taskID)
	return resp, err
}

func (c *Client) infoByTaskID(ctx context.Context, taskID string) (*generated.ImageInfoResponse, *call, error) {
	if err := checkQuery(ctx, taskID); err != nil {
		return nil, nil, err
	}
	raw, err := c.checked.InfoByTaskID(ctx, generated.InfoByTaskIDJSONRequestBody{TaskID: taskID}) //nolint:bodyclose // the pipeline has read and closed it
	if err != nil {
		return nil, nil, typed(opInfoByTaskID, err)
	}
	resp, call, err := decode(raw, func(r *generated.ImageInfoResponse) int { return r.Code })
	if err != nil {
		return nil, nil, err
	}
	if got := resp.Data.TaskID; got != "" && got != taskID { // from a cache on the way, say
		return nil, nil, call.contractError(raw, []Violation{{"/data/taskid", "const"}})
	}
	return resp, call, nil
}

func checkQuery(ctx context.Context, taskID string) error {
	if ctx == nil {
		return invalid(opInfoByTaskID, "", "the context is nil")
	}
	if reason := idFault(taskID); reason != "" {
		return invalid(opInfoByTaskID, "/taskid", "%s", reason)
	}
	return nil
}
