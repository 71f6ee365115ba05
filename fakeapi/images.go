package fakeapi

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// imagePath returns the path of an image of a task on the image host, counted
// from 1. It is one segment, whatever the id is.
func imagePath(taskID string, number int) string {
	return fmt.Sprintf("/%s-%d.png", url.PathEscape(taskID), number)
}

// parseImagePath reverses imagePath, and accepts no other spelling.
func parseImagePath(path string) (taskID string, number int, ok bool) {
	name, isPNG := strings.CutSuffix(strings.TrimPrefix(path, "/"), ".png")
	dash := strings.LastIndexByte(name, '-')
	if !isPNG || dash < 0 {
		return "", 0, false
	}
	taskID, idErr := url.PathUnescape(name[:dash])
	number, numberErr := strconv.Atoi(name[dash+1:])
	ok = idErr == nil && numberErr == nil && imagePath(taskID, number) == path
	return taskID, number, ok
}

// completed returns the state of a task, and whether it has images.
func (s *Server) completed(taskID string) (work, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.tasks.live[taskID]
	state := found.state()
	return state, ok && state.status() == taskCompleted
}

// imageAt returns the PNG at a path of the image host, nil if there is none.
func (s *Server) imageAt(path string) []byte {
	taskID, number, ok := parseImagePath(path)
	if !ok {
		return nil
	}
	state, ok := s.completed(taskID)
	if !ok || number < 1 || number > state.images {
		return nil
	}
	return drawImage(taskID, number, state.width, state.height)
}

// ImageURLs returns the value of url in the response to a query once the task
// is completed; nil before that, and for a task that failed, was deleted or
// never existed. A task from [Server.AddTasks] is completed and has one image.
func (s *Server) ImageURLs(taskID string) []string {
	state, ok := s.completed(taskID)
	if !ok {
		return nil
	}
	return s.imageURLs(taskID, state.images)
}

func (s *Server) imageURLs(taskID string, images int) []string {
	urls := make([]string, 0, images)
	for number := range images {
		urls = append(urls, s.images.URL+imagePath(taskID, number+1))
	}
	return urls
}

// Image returns the PNG that the image host serves at a URL of
// [Server.ImageURLs], byte for byte; nil if it has none, or none any more. It
// makes no request.
func (s *Server) Image(rawURL string) []byte {
	path, ok := strings.CutPrefix(rawURL, s.images.URL)
	if !ok {
		return nil
	}
	return s.imageAt(path)
}
