package subject

import (
	"encoding/json"
	"strings"
)

// Said is what a response with a status of success says of it, in part in words that the
// contract has in its prose only.
type Said struct {
	Code   int    // of the envelope; 0 for none
	Status string // of a deletion
	TaskID string // of a generation
}

// Read reads what a body says. What is of another type counts as missing, and a code that is
// missing, or that of no envelope, says nothing against a success.
func Read(body []byte, hasEnvelope bool, success int) Said {
	var s struct {
		Code int
		Data struct{ Status, TaskID string }
	}
	_ = json.Unmarshal(body, &s) // which goes on after a value of another type
	if s.Code == 0 || !hasEnvelope {
		s.Code = success
	}
	return Said{s.Code, s.Data.Status, s.Data.TaskID}
}

// KeywordFailed is what [Said.Fault] returns in place of a keyword where the service says that
// a deletion failed.
const KeywordFailed = "failed"

// Fault returns why s is no success, as a JSON Pointer and the keyword that is violated there,
// or an empty keyword. No status is a success as well.
func (s Said) Fault(success int, deletes, generates bool) (pointer, keyword string) {
	status := strings.Trim(s.Status, " \t\r\n")
	switch {
	case s.Code == 0:
		return "/code", "required"
	case s.Code != success:
		return "/code", "const"
	case deletes && isWord(status, "failed"):
		return "/data/status", KeywordFailed
	case deletes && status != "" && !isWord(status, "success"):
		return "/data/status", "enum"
	case generates && strings.TrimSpace(s.TaskID) == "":
		return "/data/taskid", "required"
	}
	return "", ""
}

// isWord reports whether a text is a word, given in lower case, but for the case of its ASCII
// letters. Other letters that fold to one of these, such as a long s, make another word.
func isWord(text, word string) bool { return len(text) == len(word) && strings.EqualFold(text, word) }
