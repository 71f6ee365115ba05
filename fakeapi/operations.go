package fakeapi

import (
	"encoding/json"
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

// handlers holds what the service does, by operationId. Routes, credentials,
// checks, records and faults are common to all operations; one without an
// entry is answered with an example.
var handlers = map[string]func(*Server, *call) answer{
	"deleteImagesTask": (*Server).deleteImagesTask,
	"infoByTaskId":     (*Server).infoByTaskID,
	"seeDreamV4":       (*Server).generateImages,
	"seeDreamV45":      (*Server).generateImages,
	"seeDreamV5":       (*Server).generateImages,
	"zImage":           (*Server).generateImages,
}

// The words that the contract and its success example use.
const (
	msgSuccess    = "Successfully"
	statusSuccess = "Success"
	statusFailed  = "Failed"
	// The sibling video service's reference once showed this text.
	msgDeleteFailed = "Delete failed, error info: task not found: "
)

func (s *Server) deleteImagesTask(c *call) answer {
	var req generated.DeleteImagesTaskRequest
	if err := json.Unmarshal(c.body, &req); err != nil {
		return errorAnswer(http.StatusBadRequest, "the body is not a DeleteImagesTaskRequest")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks.refuses(req.TaskIDs) {
		return deletionAnswer(codeSuccess, msgSuccess, statusFailed)
	}
	if !s.ignoreUnknown {
		if missing := s.tasks.unknown(req.TaskIDs); len(missing) > 0 {
			return errorAnswer(http.StatusOK, msgDeleteFailed+c.keys.scrub(listIDs(missing)))
		}
	}
	s.tasks.remove(req.TaskIDs)
	return deletionAnswer(codeSuccess, msgSuccess, statusSuccess)
}

func deletionAnswer(code int, msg, status string) answer {
	return jsonAnswer(http.StatusOK, generated.DeleteImagesTaskResponse{
		Code: code, Msg: msg, Data: generated.DeleteImagesTaskData{Status: status},
	})
}
