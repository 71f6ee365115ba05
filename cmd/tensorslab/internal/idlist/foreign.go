package idlist

import (
	"bytes"
	"regexp"
)

var (
	// assignment matches a line of a .env file, whose value may be a key. Trailing equals
	// signs alone are padding, as in base64.
	assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*=+[^=]`)
	// fileName matches the name of a file that this command or its users write.
	fileName = regexp.MustCompile(`(?i)\.(png|jpe?g|webp|gif|bmp|avif|hei[cf]|tiff?|bin|jsonl?|txt|csv|log)$`)
	// heading matches the name of a column.
	heading = regexp.MustCompile(`^(?i)(images?)?[._-]?(tasks?)?[._-]?(ids?|identifiers?|uuids?)$`)
)

// foreign returns what id looks like if it looks like a line of another kind of file, or
// "". Such a line must not be sent: the service reports success for ids that it does not
// know.
func foreign(id []byte) string {
	switch {
	case bytes.ContainsAny(id[:1], "{[]}"):
		return "the line is JSON, which is taken only as one object with an id per line"
	case bytes.ContainsAny(id, "\"'`"):
		return "the id contains quotes; write one bare id per line"
	case bytes.ContainsAny(id, ",;|"):
		return "the line is one of a table; write one id per line"
	case bytes.ContainsAny(id, "<>"):
		return "the line is markup; write one id per line"
	case bytes.Contains(id, []byte("://")):
		return "the line is a URL and not an id"
	case fileName.Match(id):
		return "the line is the name of a file and not an id"
	case id[len(id)-1] == ':', assignment.Match(id):
		return "the line is a setting and not an id"
	case heading.Match(id):
		return "the line is the heading of a column; this is not a list of ids"
	}
	return ""
}
