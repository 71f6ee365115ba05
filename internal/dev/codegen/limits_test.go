package codegen

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// layered returns a schema with another one inside of it, that many times.
func layered(times int, before, after string) string {
	return strings.Repeat(before, times) + `{"type": "string"}` + strings.Repeat(after, times)
}

// repeated returns what format makes of each number below n, separated by commas. It gets
// the number and the next one.
func repeated(n int, format string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(format, i, i+1))
	}
	return strings.Join(list, ", ")
}

// Documents of under 1 MB that took from many seconds to hours are refused at once, with
// the place, and those within the limits are read in seconds.
func TestLimits(t *testing.T) {
	t.Parallel()
	const chain = `"S%d": {"$ref": "#/components/schemas/S%d"}`
	for name, tt := range map[string]struct{ schemas, want string }{
		"lists in lists":      {`"A": ` + layered(3000, `{"type": "array", "items": `, `}`), "nested more than 200 levels deep; see /components/schemas/A/items/items/items/"},
		"objects in objects":  {`"A": ` + layered(300, `{"properties": {"a/b": `, `}}`), "levels deep; see /components/schemas/A/properties/a~1b/properties/a~1b/"},
		"allOf in allOf":      {`"A": ` + layered(300, `{"allOf": [`, `]}`), "levels deep; see /components/schemas/A/allOf/0/allOf/0/"},
		"an example":          {`"A": {"example": ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, "levels deep; see /components/schemas/A/example/0/0/"},
		"an extension":        {`"A": {"x-a": ` + strings.Repeat(`{"a": `, 3000) + "1" + strings.Repeat("}", 3000) + `}`, "levels deep; see /components/schemas/A/x-a/a/a/"},
		"properties":          {`"A": {"properties": {` + repeated(20_000, `"p%d": {"title": "%d"}`) + `}}`, "an object has 20000 members; at most 1000 can be imported; see /components/schemas/A/properties"},
		"branches":            {`"A": {"oneOf": [` + repeated(20_000, `{"title": "%d %d"}`) + `]}`, "a list has 20000 objects; at most 1000 can be imported; see /components/schemas/A/oneOf"},
		"references":          {repeated(900, chain) + `, "S900": {"type": "string"}`, "more than 50 references or members of allOf lead from one to the next; see /components/schemas/S0"},
		"references to allOf": {repeated(500, `"S%d": {"allOf": [{"type": "object"}, {"$ref": "#/components/schemas/S%d"}]}`) + `, "S500": {}`, "members of allOf lead from one to the next; see /components/schemas/S0"},

		"within: lists":      {`"A": ` + layered(190, `{"type": "array", "items": `, `}`), ""},
		"within: objects":    {`"A": ` + layered(90, `{"properties": {"a": `, `}}`), ""},
		"within: references": {repeated(50, chain) + `, "S50": {"type": "string"}`, ""},
		"within: values":     {`"A": {"enum": [` + repeated(20_000, `"%d %d"`) + `]}`, ""},
		"within: properties": {`"A": {"properties": {` + repeated(1000, `"p%d": {"title": "%d"}`) + `}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			err := Validate([]byte(contractOf(tt.schemas, "application/json")))
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("it takes %v", took)
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%.300v; want %q", err, tt.want)
			}
			if err != nil {
				oneLine(t, err)
			}
		})
	}
}
