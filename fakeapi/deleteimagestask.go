package fakeapi

import (
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

func init() { handlers["deleteImagesTask"] = (*Server).deleteImagesTask }

// The words that the contract and its success example use.
const (
	msgSuccess    = "Successfully"
	statusSuccess = "Success"
	statusFailed  = "Failed"
	// The sibling video service's reference once showed this text.
	msgDeleteFailed = "Delete failed, error info: task not found: "
)

// deleteImagesTask deletes all of a batch or nothing of it.
func (s *Server) deleteImagesTask(c *call) response {
	var req generated.DeleteImagesTaskRequest
	if err := c.decode(&req); err != nil {
		return errorResponse(http.StatusBadRequest, "the body is not a DeleteImagesTaskRequest")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks.refuses(req.TaskIDs) {
		return deletionResponse(codeSuccess, msgSuccess, statusFailed)
	}
	if !s.ignoreUnknown {
		if missing := s.tasks.unknown(req.TaskIDs); len(missing) > 0 {
			return errorResponse(http.StatusOK, msgDeleteFailed+c.keys.scrub(listIDs(missing)))
		}
	}
	s.tasks.remove(req.TaskIDs)
	return deletionResponse(codeSuccess, msgSuccess, statusSuccess)
}

func deletionResponse(code int, msg, status string) response {
	return jsonResponse(http.StatusOK, generated.DeleteImagesTaskResponse{
		Code: code, Msg: msg, Data: generated.DeleteImagesTaskData{Status: status},
	})
}

// BusinessCodeWithData is [BusinessCode] with the data of a deletion, whose
// status is "Success" or "Failed" by the contract.
func BusinessCodeWithData(code int, msg, status string) Fault {
	return Fault{kind: faultRespond, response: deletionResponse(code, msg, status)}
}
