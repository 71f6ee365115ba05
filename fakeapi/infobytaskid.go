package fakeapi

import (
	"encoding/json"
	"net/http"
)

func init() { handlers["infoByTaskId"] = (*Server).infoByTaskID }

const (
	msgOK       = "OK"
	msgNotFound = "Task not found"
	// startTime is that of the contract's example: nothing here reads a clock.
	startTime = "2026-01-30 12:00:00"
)

// infoResponse is an ImageInfoResponse. The generated type leaves an empty url
// out, which the contract's examples show.
type infoResponse struct {
	Code int      `json:"code"`
	Msg  string   `json:"msg"`
	Data infoData `json:"data"`
}

type infoData struct {
	TaskID       string     `json:"taskid"`
	StartTime    string     `json:"starttime,omitempty"`
	URL          []string   `json:"url"`
	Status       taskStatus `json:"image_status"`
	Width        int        `json:"width,omitempty"`
	Height       int        `json:"height,omitempty"`
	ErrorMessage string     `json:"error_message,omitempty"`

	// What the request that created the task gave.
	Category string      `json:"category,omitempty"`
	Prompt   string      `json:"prompt,omitempty"`
	Seed     json.Number `json:"origseed,omitempty"`
}

// infoByTaskID returns the state of a task in the form of the contract's examples.
func (s *Server) infoByTaskID(c *call) response {
	fields, _ := c.value.(map[string]any)
	taskID := textOf(fields, "taskid")
	s.mu.Lock()
	state, ok := s.tasks.query(taskID)
	s.mu.Unlock()
	if !ok {
		return errorResponse(http.StatusNotFound, msgNotFound)
	}
	data := infoData{TaskID: taskID, URL: []string{}, Status: state.status(),
		Category: state.asked.category, Prompt: state.asked.prompt, Seed: state.asked.seed}
	switch data.Status {
	case taskCompleted:
		data.URL = s.imageURLs(taskID, state.images)
		data.StartTime, data.Width, data.Height = startTime, state.width, state.height
	case taskFailed:
		data.ErrorMessage = state.life.Fail
	default: // not finished
	}
	return jsonResponse(http.StatusOK, infoResponse{Code: codeSuccess, Msg: msgOK, Data: data})
}
