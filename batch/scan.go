package batch

import (
	"bytes"
	"time"
)

// view is a line as encode writes it, read without copying. Its strings hold no
// escapes.
type view struct {
	time, key, task, request, model, prompt, failure, service []byte
	state                                                     State
	files                                                     []byte // between the brackets, or nil
}

// scan reads the lines that encode writes, without escapes, many times as fast
// as encoding/json; ok is false for any other line.
func scan(data []byte) (v view, ok bool) {
	s := scanner{rest: data, ok: true}
	s.literal(`{"v":1,"time":`)
	v.time = s.text()
	s.literal(`,"key":`)
	v.key = s.text()
	s.literal(`,"state":`)
	var known bool
	v.state, known = stateOf(s.text())
	v.task = s.optional(`,"task":`)
	v.request = s.optional(`,"request":`)
	v.model = s.optional(`,"model":`)
	v.prompt = s.optional(`,"prompt":`)
	v.files = s.list(`,"files":[`)
	v.failure = s.optional(`,"error":`)
	v.service = s.optional(`,"service":`)
	s.literal(`}`)
	e := Entry{State: v.state}
	whole := s.ok && known && len(s.rest) == 0 && len(v.time) == len(timeFormat)
	return v, whole && len(v.key) > 0 && len(v.key) <= maxKey && (len(v.task) > 0 || !e.needsTask())
}

// entry returns what was scanned in data, at the cost of one string for all.
func (v *view) entry(data []byte, at time.Time) Entry {
	all := string(data)
	text := func(part []byte) string { // the capacities tell where in data it begins
		begin := cap(data) - cap(part)
		return all[begin : begin+len(part)]
	}
	e := Entry{Time: at, State: v.state, Key: text(v.key)}
	for _, field := range []struct {
		part []byte
		to   *string
	}{{v.task, &e.TaskID}, {v.request, &e.Request}, {v.model, (*string)(&e.Model)}, {v.prompt, &e.Prompt}, {v.failure, &e.Error}, {v.service, &e.Service}} {
		if len(field.part) > 0 {
			*field.to = text(field.part)
		}
	}
	for s := (scanner{rest: v.files, ok: true}); len(s.rest) > 0; s.skip(",") {
		e.Files = append(e.Files, text(s.text()))
	}
	return e
}

// scanner reads one line from left to right. Once ok is false it stays so.
type scanner struct {
	rest []byte
	ok   bool
}

func (s *scanner) skip(text string) bool {
	if len(s.rest) < len(text) || string(s.rest[:len(text)]) != text {
		return false
	}
	s.rest = s.rest[len(text):]
	return true
}

func (s *scanner) literal(text string) { s.ok = s.skip(text) && s.ok }

// text reads a string without escapes and control characters.
func (s *scanner) text() []byte {
	if s.literal(`"`); !s.ok {
		return nil
	}
	end := bytes.IndexByte(s.rest, '"')
	if end < 0 || bytes.IndexByte(s.rest[:end], '\\') >= 0 {
		s.ok = false
		return nil
	}
	text := s.rest[:end]
	s.rest = s.rest[end+1:]
	return text
}

func (s *scanner) optional(name string) []byte {
	if !s.ok || !s.skip(name) {
		return nil
	}
	return s.text()
}

// list reads strings up to the bracket, and returns them unread.
func (s *scanner) list(name string) []byte {
	if !s.ok || !s.skip(name) {
		return nil
	}
	begin := s.rest
	for {
		s.text()
		if !s.ok || !s.skip(",") {
			break
		}
	}
	list := begin[:len(begin)-len(s.rest)]
	s.literal("]")
	return list
}
