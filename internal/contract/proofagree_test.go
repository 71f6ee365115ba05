package contract

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// A yes of the proof is a yes of the long way, and what a struct reads is what the
// validator saw. PROOF_TIME=10m searches for longer than a second.
func TestProofAgrees(t *testing.T) {
	t.Parallel()
	s := newSearch(t, compiled)
	if found := s.run(searchTime(t)); found != "" {
		t.Error(found)
	}
	t.Logf("%d schemas, %d bodies, %d of them proven, %d of those decoded", s.schemas, s.bodies, s.proven, s.decoded)
	if s.proven < s.bodies/100 || s.proven > s.bodies*99/100 {
		t.Errorf("%d of %d bodies are proven: one of the two is hardly tested", s.proven, s.bodies)
	}
	if s.decoded < s.proven/10 {
		t.Errorf("%d of %d proven bodies are decoded", s.decoded, s.proven)
	}
}

func searchTime(t *testing.T) time.Duration {
	t.Helper()
	limit, err := time.ParseDuration(cmp.Or(os.Getenv("PROOF_TIME"), "1s"))
	if err != nil {
		t.Fatal(err)
	}
	return limit
}

// compiled is what a search asks of a proof, and what the mutants stand in for.
func compiled(schema *openapi3.Schema, isEnvelope bool) func(body []byte) bool {
	n := compileProof(schema, isEnvelope)
	if n == nil {
		return nil
	}
	return func(body []byte) bool { return n.proves(body, 1000) }
}

// search looks for bodies on which a proof and the long way disagree.
type search struct {
	t                       testing.TB
	rng                     *rand.Rand
	compile                 func(*openapi3.Schema, bool) func([]byte) bool
	documents               []*Document
	schemas, bodies, proven int
	decoded                 int // of those that were proven
}

func newSearch(t testing.TB, compile func(*openapi3.Schema, bool) func([]byte) bool) *search {
	return &search{
		t: t, rng: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), compile: compile,
		documents: []*Document{ours(t), parseText(t, grown), parseText(t, provableContract)},
	}
}

// run describes the first disagreement, or returns nothing once the time is over.
func (s *search) run(limit time.Duration) string {
	for _, x := range s.subjectsOf(s.documents[2]) {
		for _, body := range extremes() {
			if found := x.try([]byte(body)); found != "" {
				return found
			}
		}
	}
	for start := time.Now(); time.Since(start) < limit; {
		doc := s.documents[s.rng.IntN(len(s.documents))]
		if s.rng.IntN(2) == 0 {
			doc = parseText(s.t, randomContract(s.rng))
		}
		for _, x := range s.subjectsOf(doc) {
			for range 20 {
				g := bodyGenerator{rng: s.rng}
				if found := x.try(g.mangled(x.schema)); found != "" {
					return found
				}
			}
		}
	}
	return ""
}

// subject is a schema that has a proof.
type subject struct {
	*search
	*comparison
	proves func([]byte) bool
}

func (s *search) subjectsOf(doc *Document) (list []subject) {
	for _, op := range doc.Operations() {
		if c := newComparison(op); c != nil {
			_, isEnvelope := c.op.envelopeIn(with(200, asJSON), ReadJSON(nil))
			if proves := s.compile(c.schema, isEnvelope); proves != nil {
				list = append(list, subject{s, c, proves})
			}
		}
	}
	s.schemas += len(list)
	return list
}

// try describes what is wrong with the proof of one body, or returns nothing.
func (x subject) try(body []byte) string {
	x.bodies++
	if !x.proves(body) {
		return ""
	}
	x.proven++
	found := x.disagrees(body)
	x.search.decoded += x.comparison.decoded
	x.comparison.decoded = 0
	if found != "" {
		schema, _ := json.Marshal(x.schema)
		return fmt.Sprintf("%s: %.2000q is proven, but %s; the schema is %.3000s", x.op.ID, body, found, schema)
	}
	return ""
}

// comparison is the long way, and a struct, for the response of one operation.
type comparison struct {
	op      *Operation
	schema  *openapi3.Schema
	goType  reflect.Type
	decoded int // bodies, by Decode
}

// newComparison returns nil for an operation without a schema of its JSON response.
func newComparison(op *Operation) *comparison {
	if media := mediaFor(op.response(200).Content, "application/json"); media != nil && media.Schema != nil {
		return &comparison{op: op, schema: media.Schema.Value, goType: goTypeOf(media.Schema.Value, 0)}
	}
	return nil
}

// disagrees says what is wrong with a body that was proven, or nothing.
func (c *comparison) disagrees(body []byte) string {
	read := ReadJSON(body)
	_, isEnvelope := c.op.envelopeIn(with(200, asJSON), ReadJSON(nil))
	if code, ok := read.code(); isEnvelope && (code != 1000 || !ok) {
		return fmt.Sprintf("its code is %d", code)
	}
	if found, _ := c.op.CheckResponse(with(200, "application/json"), read, true); len(found) > 0 {
		return fmt.Sprintf("the long way finds %s (%v)", list(found), read.Err)
	}
	decoded := reflect.New(c.goType)
	if err := json.Unmarshal(body, decoded.Interface()); err != nil {
		return fmt.Sprintf("a struct cannot read it: %v", err)
	}
	fast := reflect.New(c.goType)
	if Decode(body, fast.Interface()) {
		c.decoded++
		if !reflect.DeepEqual(fast.Interface(), decoded.Interface()) {
			return fmt.Sprintf("it is decoded as %+v, not %+v", fast.Elem(), decoded.Elem())
		}
	}
	return differs(decoded.Elem(), read.Value, "")
}

// goTypeOf is the type that a generator would make, as far as that matters.
func goTypeOf(schema *openapi3.Schema, depth int) reflect.Type {
	isObject := func(part *openapi3.Schema) bool { return part.Type.Is("object") }
	parts := composed(schema, nil, false)
	switch {
	case depth > 4, schema.Type == nil && (len(parts) == 1 || !slices.ContainsFunc(parts[1:], isObject) || slices.ContainsFunc(parts[1:], func(part *openapi3.Schema) bool {
		return part.Type != nil && !isObject(part)
	})):
		return reflect.TypeFor[any]()
	case schema.Type.Is("string"):
		return reflect.TypeFor[string]()
	case schema.Type.Is("boolean"):
		return reflect.TypeFor[bool]()
	case schema.Type.Is("number"):
		return reflect.TypeFor[float64]()
	case schema.Type.Is("integer"):
		return map[int]reflect.Type{
			8: reflect.TypeFor[int8](), 16: reflect.TypeFor[int16](), 32: reflect.TypeFor[int32](), 64: reflect.TypeFor[int64](),
		}[integerBits(schema.Format)]
	case schema.Type.Is("array"):
		if schema.Items == nil {
			return reflect.TypeFor[[]any]()
		}
		return reflect.SliceOf(goTypeOf(schema.Items.Value, depth+1))
	}
	var fields []reflect.StructField
	for _, part := range parts {
		for name, ref := range part.Properties {
			fields = append(fields, reflect.StructField{
				Name: "F" + strconv.Itoa(len(fields)), Type: goTypeOf(ref.Value, depth+1), Tag: reflect.StructTag(fmt.Sprintf(`json:"%s"`, name)),
			})
		}
	}
	return reflect.StructOf(fields)
}

// differs says where a struct holds something else than the value.
func differs(got reflect.Value, want any, at string) string {
	same := true
	switch want := want.(type) {
	case nil:
		same = got.IsZero()
	case string:
		same = got.Kind() == reflect.Interface || got.String() == want
	case bool:
		same = got.Kind() == reflect.Interface || got.Bool() == want
	case json.Number:
		number, _ := want.Float64()
		same = !got.CanInt() || strconv.FormatInt(got.Int(), 10) == strings.Replace(want.String(), "-0", "0", 1)
		same = same && (!got.CanFloat() || got.Float() == number)
	case []any:
		for i := 0; i < len(want) && got.Kind() == reflect.Slice; i++ {
			if found := differs(got.Index(i), want[i], at+"/"+strconv.Itoa(i)); found != "" {
				return found
			}
		}
		same = got.Kind() == reflect.Interface || got.Len() == len(want)
	case map[string]any:
		for i := 0; got.Kind() == reflect.Struct && i < got.NumField(); i++ {
			name := got.Type().Field(i).Tag.Get("json")
			if found := differs(got.Field(i), want[name], at+"/"+name); found != "" {
				return found
			}
		}
	}
	if !same {
		return fmt.Sprintf("at %s a struct reads %v, the validator %v", at, got, want)
	}
	return ""
}

// testMutant fails if the search does not find the fault of a mutant within a time in
// which it looks at a hundred thousand bodies even on a busy machine.
func testMutant[N interface {
	comparable
	proves(body []byte, code int) bool
}](t *testing.T, name string, compile func(*openapi3.Schema, bool) N) {
	s := newSearch(t, func(schema *openapi3.Schema, isEnvelope bool) func([]byte) bool {
		var none N
		n := compile(schema, isEnvelope)
		if n == none {
			return nil
		}
		return func(body []byte) bool { return n.proves(body, 1000) }
	})
	start := time.Now()
	if found := s.run(max(time.Minute, searchTime(t))); found == "" {
		t.Errorf("%s: not found in %d bodies", name, s.bodies)
	} else {
		t.Logf("%s: found after %v, in %d bodies", name, time.Since(start).Round(time.Millisecond), s.bodies)
	}
}

// Programs that say too little are found as well as readers that look at too little.
func TestBrokenProgramsAreFound(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(n *provable){
		"no required property": func(n *provable) { n.required = 0 },
		"any type":             func(n *provable) { n.kinds = anyKind },
		"any enum":             func(n *provable) { n.literals = nil },
		"any size":             func(n *provable) { n.digits = maxDigits },
		"any items":            func(n *provable) { n.items = nil },
		"no weight":            func(n *provable) { n.weight = 0 },
	} {
		testMutant(t, name, func(schema *openapi3.Schema, _ bool) *provable {
			c := proofCompiler{compiled: map[*openapi3.Schema]*provable{}}
			root := c.compile(schema)
			for _, n := range c.compiled {
				broken(n)
			}
			if c.failed {
				return nil
			}
			return root
		})
	}
}
