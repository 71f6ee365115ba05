package wrapper

import (
	"context"
	"encoding/json"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/subject"
)

const opInfoByTaskID = "infoByTaskId"

// InfoByTaskID returns the state of one image task and, once it is completed,
// the addresses of its images (POST /v1/images/infobytaskid). The id is opaque
// and sent as it is.
//
// A nil error means that the service knows the task. The response may also say
// that the task failed: see its ImageStatus and ErrorMessage. The error is
// [ErrNotFound] if there is no such task, and a [*ContractError] also where the
// response is about another one. A query changes nothing, so it is retried
// automatically within the retry policy and its outcome is never in doubt.
//
// See https://docs.tensorslab.com/api-reference/task-management/query-image-info-by-taskid.
func (c *Client) InfoByTaskID(ctx context.Context, taskID string) (*generated.ImageInfoResponse, error) {
	if err := c.checkQuery(ctx, taskID); err != nil {
		return nil, err
	}
	body, err := json.Marshal(generated.InfoByTaskIDJSONRequestBody{TaskID: taskID})
	if err != nil {
		return nil, err
	}
	raw, err := request(ctx, c.engine, opInfoByTaskID, generated.NewInfoByTaskIDRequest, body)
	resp, x, err := call(ctx, c.engine, opInfoByTaskID, false, raw, err, func(r *generated.ImageInfoResponse) subject.Said {
		return subject.Said{Code: r.Code}
	})
	if err != nil {
		return nil, err
	}
	if got := resp.Data.TaskID; got != "" && got != taskID { // from a cache on the way, for example
		return nil, x.violates("/data/taskid", "const")
	}
	return resp, nil
}

func (c *Client) checkQuery(ctx context.Context, taskID string) error {
	if err := c.ready(ctx, opInfoByTaskID); err != nil {
		return err
	}
	if reason := contract.CheckText(taskID); reason != "" {
		return invalid(opInfoByTaskID, "/taskid", "%s", reason)
	}
	return nil
}
