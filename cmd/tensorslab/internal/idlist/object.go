package idlist

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxObject is the length of the longest JSON line, in bytes. Those of the command list
// the addresses of up to 15 images, which are signed and long.
const maxObject = 1 << 20

const brokenObject = "the line is not a complete JSON object; this is not a list of ids"

// idOf returns the id of a line that is a JSON object, as this command writes them with
// --output json, or the reason why the line is not one with an id.
func idOf(line []byte) (id, reason string) {
	if !utf8.Valid(line) {
		return "", "the line is not valid UTF-8"
	}
	members := json.NewDecoder(bytes.NewReader(line))
	if _, err := members.Token(); err != nil { // the opening brace
		return "", brokenObject
	}
	found := 0
	for members.More() {
		name, err := members.Token()
		var value json.RawMessage
		if err != nil || members.Decode(&value) != nil {
			return "", brokenObject
		}
		if name != "id" {
			continue
		}
		if found++; value[0] != '"' || json.Unmarshal(value, &id) != nil {
			return "", "the id of the JSON object is not a string"
		}
	}
	if _, err := members.Token(); err != nil || members.More() {
		return "", brokenObject
	}
	switch {
	case found == 0:
		return "", "the JSON object has no id; this is not a list of ids"
	case found > 1:
		return "", "the JSON object has more than one id"
	case strings.ContainsRune(id, utf8.RuneError): // half a surrogate pair becomes this
		return "", "the id of the JSON object is not valid text"
	}
	return id, ""
}
