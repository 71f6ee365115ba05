package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// compiled returns nil if the packages compile in dir, and otherwise a [*refusal] with
// the places that do not, and the field of the contract that each of them lacks.
func (t trial) compiled(ctx context.Context, packages, env []string) error {
	if len(packages) == 0 {
		return nil
	}
	var out strings.Builder
	// The command and durable are modules of their own and are built with this one by go.work.
	err := codegen.Stream(ctx, &out, t.dir, append(env, "GOWORK="), "go", append([]string{"build", "-gcflags=-e"}, packages...)...)
	if err == nil || ctx.Err() != nil {
		return err
	}
	messages := compilerLines(out.String())
	if len(messages) == 0 {
		return fmt.Errorf("the module does not compile with this contract: %s: %w", strings.Join(strings.Fields(out.String()), " "), err)
	}
	return &refusal{
		reasons: []string{"the module does not compile with this contract: " + t.cause(messages)},
		places:  texts(messages),
		advice:  "Edit these places, and import the contract again.",
	}
}

// cause is the first message that is about a lost field, in words of the contract, or
// else the first one.
func (t trial) cause(messages []message) string {
	for _, m := range messages {
		if lost := t.lostField(m.text); lost != "" {
			return fmt.Sprintf("%s, which %s uses", lost, m.place)
		}
	}
	return messages[0].place + ": " + messages[0].text
}

// message is one line of the compiler.
type message struct{ place, text string }

var compilerLine = regexp.MustCompile(`(?m)^(?:\./)?(\S+\.go:\d+):\d+: (.+)$`)

func compilerLines(out string) (found []message) {
	for _, match := range compilerLine.FindAllStringSubmatch(out, -1) {
		found = append(found, message{path.Clean(strings.ReplaceAll(match[1], `\`, "/")), match[2]})
	}
	return found
}

func texts(messages []message) (found []string) {
	for _, m := range messages {
		found = append(found, m.place+": "+m.text)
	}
	return found
}

// lackingField are the messages of the compiler about a field, with the names of the
// type and the field in either order. The package of the type is that of generated code.
func lackingField(generated string) []*regexp.Regexp {
	name := regexp.QuoteMeta(generated) + `\.(?P<type>\w+)`
	return []*regexp.Regexp{
		regexp.MustCompile(`type \*?(?:struct\{.*\}|` + name + `).* has no field or method (?P<field>\w+)`),
		regexp.MustCompile(`unknown field (?P<field>\w+) in struct literal of type ` + name),
	}
}

// lostField says which property of the contract a message of the compiler is about,
// or nothing if it is about none.
func (t trial) lostField(text string) string {
	for _, pattern := range lackingField(path.Base(t.service.Package)) {
		match := pattern.FindStringSubmatch(text)
		if match == nil {
			continue
		}
		field, kind := match[pattern.SubexpIndex("field")], match[pattern.SubexpIndex("type")]
		for _, lost := range t.lostProperties() {
			if isGoName(lost.name, field) && (kind == "" || isGoName(lost.schema, kind) || strings.HasPrefix(strings.ToLower(kind), strings.ToLower(lost.schema))) {
				return lost.String()
			}
		}
	}
	return ""
}

// property is a property that a schema lost.
type property struct{ schema, name, renamed string }

// String says what became of it.
func (p property) String() string {
	if p.renamed != "" {
		return fmt.Sprintf("the contract calls %s of %s %s now", p.name, p.schema, p.renamed)
	}
	return fmt.Sprintf("the contract no longer has %s of %s", p.name, p.schema)
}

// lostProperties lists the properties that the schemas of the contract lost.
func (t trial) lostProperties() (found []property) {
	before, after := t.old.schemas(), t.now.schemas()
	for _, schema := range slices.Sorted(maps.Keys(before)) {
		old, now := properties(before[schema]), properties(after[schema])
		for _, name := range slices.Sorted(maps.Keys(old)) {
			if _, ok := now[name]; ok {
				continue
			}
			lost := property{schema: schema, name: name}
			for other, value := range now {
				if _, had := old[other]; !had && value == old[name] {
					lost.renamed = other
				}
			}
			found = append(found, lost)
		}
	}
	return found
}

// properties returns the properties of a schema, also those below allOf, as JSON.
func properties(schema json.RawMessage) map[string]string {
	var s struct {
		Properties map[string]json.RawMessage
		AllOf      []json.RawMessage
	}
	found := map[string]string{}
	if len(schema) == 0 || json.Unmarshal(schema, &s) != nil {
		return found
	}
	for name, value := range s.Properties {
		found[name] = string(value)
	}
	for _, part := range s.AllOf {
		maps.Copy(found, properties(part))
	}
	return found
}

// isGoName reports whether a name of the contract may be that name in Go.
func isGoName(name, inGo string) bool {
	plain := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, name)
	return strings.EqualFold(plain, inGo)
}
