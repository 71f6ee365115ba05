package fakeapi

import (
	"net/http"

	"github.com/tensorslab/tensorslab-go/generated"
)

const (
	msgOK       = "OK"
	msgNotFound = "Task not found"
	// startTime is that of the contract's example: nothing here asks a clock.
	startTime = "2026-01-30 12:00:00"
)

// infoData shows url where it is empty too, as the contract's examples do.
type infoData struct {
	generated.ImageInfoData
	URL []string `json:"url"`
}

// infoByTaskID answers with what the contract's examples have, by status.
func (s *Server) infoByTaskID(c *call) answer {
	fields, _ := c.value.(map[string]any)
	taskID := textOf(fields, "taskid")
	s.mu.Lock()
	state, ok := s.tasks.query(taskID)
	s.mu.Unlock()
	if !ok {
		return errorAnswer(http.StatusNotFound, msgNotFound)
	}
	data := infoData{URL: []string{}}
	data.TaskID, data.ImageStatus = taskID, state.status()
	switch data.ImageStatus {
	case taskCompleted:
		data.URL = s.imageURLs(taskID, state.images)
		data.Starttime, data.Width, data.Height = startTime, state.width, state.height
	case taskFailed:
		data.ErrorMessage = state.life.Fail
	default: // on its way
	}
	return jsonAnswer(http.StatusOK, struct {
		Code int      `json:"code"`
		Msg  string   `json:"msg"`
		Data infoData `json:"data"`
	}{codeSuccess, msgOK, data})
}
