package send

import (
	"bytes"
	"encoding/json"
	"strings"
)

// IsPage reports whether a body is an HTML page, by its Content-Type or by its
// beginning. Gateways and firewalls send pages; services for programs do not. JSON is
// no page, whatever its Content-Type.
func IsPage(contentType string, body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		return false
	}
	declared := strings.ToLower(strings.TrimSpace(contentType))
	if strings.HasPrefix(declared, "text/html") || strings.HasPrefix(declared, "application/xhtml") {
		return body[0] != '{' && body[0] != '[' || !json.Valid(body)
	}
	return beginsAsPage(body)
}

// beginsAsPage reports whether text begins as an HTML or XHTML page, after comments and
// an XML declaration. Plain text after a comment is a page as well: browsers show it as one.
func beginsAsPage(text []byte) bool {
	for hasComment := false; ; {
		end := ""
		switch {
		case bytes.HasPrefix(text, []byte("<!--")):
			end, hasComment = "-->", true
		case bytes.HasPrefix(text, []byte("<?")):
			end = "?>"
		default:
			return isPageTag(text) || hasComment && !bytes.HasPrefix(text, []byte("<"))
		}
		_, rest, ended := bytes.Cut(text, []byte(end))
		if !ended {
			return hasComment
		}
		text = bytes.TrimSpace(rest)
	}
}

// pageTags are the tags with which browsers recognize a page that has no media type
// (https://mimesniff.spec.whatwg.org/), and others with which gateways begin theirs. A
// name that XML of a service may begin with, such as code or data, is not among them.
const pageTags = " html head script iframe h1 div font table a style title b body br p " +
	"h2 h3 h4 h5 h6 base meta noscript template frameset center form hr i strong em span img pre ul ol dl main "

// isPageTag reports whether text begins with the document type or a tag of HTML.
func isPageTag(text []byte) bool {
	const doctype = "<!doctype"
	name, isTag := bytes.CutPrefix(text, []byte("<"))
	if len(text) > len(doctype) && strings.EqualFold(string(text[:len(doctype)]), doctype) {
		name = bytes.TrimSpace(text[len(doctype):])
		return len(name) > 4 && strings.EqualFold(string(name[:4]), "html") && bytes.IndexByte([]byte(" \t\r\n\f>"), name[4]) >= 0
	}
	end := bytes.IndexAny(name, " \t\r\n\f>") // an empty element, <a/>, is XML and no page to browsers either
	return isTag && end > 0 && strings.Contains(pageTags, " "+strings.ToLower(string(name[:min(end, 16)]))+" ")
}
