package contract

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Readable returns a JSON document in the form in which it is read, and a line about
// each thing in it that has no effect then. Keys that the OpenAPI Specification 3.0.3
// does not have get the prefix of an extension, x-, as do patterns that can't be
// checked. A byte order mark is dropped, as is white space before a description, which
// YAML can't have. Everything else stays as it is, in its order. A document that is
// not a JSON object, or in which an object repeats a key, is only returned without its
// byte order mark.
func Readable(document []byte) (readable []byte, ignored []string) {
	document = withoutMark(document)
	return rewrite(document, ReadDocument(document))
}

func withoutMark(document []byte) []byte { return bytes.TrimPrefix(document, []byte("\ufeff")) }

// rewrite is [Readable] for a document that was read.
func rewrite(document []byte, body *Body) (readable []byte, ignored []string) {
	root, ok := body.Object()
	if !ok || len(body.Repeats) > 0 {
		return document, nil
	}
	r := rewriter{reader: reader{data: string(document)}}
	r.next()
	r.object(root, "document")
	r.out.WriteString(r.data[r.copied:])
	return []byte(r.out.String()), r.ignored
}

// rewriter walks the text of a document along the grammar, and copies it.
type rewriter struct {
	reader
	out     strings.Builder
	copied  int // how much of data is in out
	ignored []string
}

// replace writes text in place of what stands between two positions.
func (r *rewriter) replace(from, to int, text string) {
	r.out.WriteString(r.data[r.copied:from])
	r.out.WriteString(text)
	r.copied = to
}

func (r *rewriter) ignore(why string) {
	r.ignored = append(r.ignored, r.at.pointer()+why)
}

// walk reads the value of a kind of the grammar; see there. The node is the value
// that was read before.
func (r *rewriter) walk(node any, kind string) {
	switch node := node.(type) {
	case map[string]any:
		switch {
		case kind == "" || kind[0] == '[':
		case kind[0] == '{', kind[0] == '(':
			r.members(func(key string, _ int) {
				if kind[0] == '(' && strings.HasPrefix(key, "x-") {
					r.value()
					return
				}
				r.walk(node[key], kind[1:])
			})
			return
		default:
			r.object(node, kind)
			return
		}
	case []any:
		if inner, ok := strings.CutPrefix(kind, "["); ok {
			r.array(node, inner)
			return
		}
	}
	r.value()
}

func (r *rewriter) array(nodes []any, kind string) {
	i := 0
	for r.i++; r.next() != ']'; i++ {
		r.at = append(r.at, indexStep(i))
		r.walk(nodes[i], kind)
		r.at = r.at[:len(r.at)-1]
	}
	r.i++
}

// members calls do for each member of an object, with its key and where that begins.
// It is to read the value.
func (r *rewriter) members(do func(key string, at int)) {
	for r.i++; r.next() != '}'; {
		start := r.i
		key, _ := r.text()
		r.at = append(r.at, keyStep(key))
		r.next()
		do(key, start)
		r.at = r.at[:len(r.at)-1]
	}
	r.i++
}

// object reads an object of the grammar.
func (r *rewriter) object(node map[string]any, kind string) {
	fields := fieldsOf(kind)
	_, isReference := node["$ref"].(string)
	isReference = isReference && kind != "pathItem"
	r.members(func(key string, at int) {
		inner, known := fields[key]
		switch {
		case strings.HasPrefix(key, "x-"):
			r.value()
		case isReference:
			if known && inner != text && kind == "schema" {
				r.ignore(" is ignored: OpenAPI 3.0 ignores what is beside a $ref")
			}
			r.value()
		case !known:
			r.rename(node, key, at)
			r.ignore(" is ignored: OpenAPI 3.0 has no such key there")
			r.value()
		case inner == text:
			r.prose(node[key])
		case inner == regular:
			r.pattern(node, at)
		default:
			r.walk(node[key], inner)
		}
	})
}

// rename makes an extension of the key that stands at a position.
func (r *rewriter) rename(node map[string]any, key string, at int) {
	prefix := "x-"
	for node[prefix+key] != nil {
		prefix += "ignored-"
	}
	r.replace(at+1, at+1, prefix)
}

// prose reads a description. A text of several lines that begins with a tab can't be
// written as YAML, which the generator does.
func (r *rewriter) prose(node any) {
	start := r.i
	r.value()
	if s, ok := node.(string); ok {
		if trimmed := strings.TrimLeft(s, " \t\r\n"); strings.Contains(s[:len(s)-len(trimmed)], "\t") {
			r.replace(start, r.i, quotedJSON(trimmed))
		}
	}
}

// pattern reads the pattern of a schema whose key stands at a position, and
// translates it.
func (r *rewriter) pattern(node map[string]any, key int) {
	start := r.i
	r.value()
	pattern, ok := node["pattern"].(string)
	if !ok {
		return
	}
	switch translated, err := goPattern(pattern); {
	case err != nil:
		r.rename(node, "pattern", key)
		r.ignore(" is not checked: it has " + err.Error())
	case translated != pattern:
		r.replace(start, r.i, quotedJSON(translated))
	}
}

func quotedJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}
