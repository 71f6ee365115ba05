package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// mutants are proofs with one fault each: the old text of a source file, which it has
// once, and the new one.
var mutants = []struct{ name, old, new string }{
	{"required properties are not required", ` && m.seen&n.required == n.required`, ``},
	{"a property may be repeated", `return ok && m.seen != before`, `return ok && (true || m.seen != before)`},
	{"an unknown key may be repeated", `m.count == maxUnknownKeys || slices.ContainsFunc`, `m.count == maxUnknownKeys || false && slices.ContainsFunc`},
	{"a key may be in another case", `bytes.EqualFold([]byte(n.properties[i].name), key)`, `bytes.Equal([]byte(n.properties[i].name), key)`},
	{"only ASCII folds", `bytes.EqualFold([]byte(n.properties[i].name), key)`, `len(n.properties[i].name) == len(key) && bytes.EqualFold([]byte(n.properties[i].name), key)`},
	{"a key may have escapes", `c.i = plainEnd(c.body, start)`, `c.i = start + max(0, bytes.IndexByte(c.body[start:], '"'))`},
	{"white space may be in a key", `return key, c.is('"') && c.takes(':')`, `return key, c.takes('"') && c.takes(':')`},
	{"any type will do", `found&n.kinds != 0`, `found != 0`},
	{"any integer is in an enum", `slices.Contains(n.literals, string(p.body[start:p.i]))`, `found&kindInteger != 0 || slices.Contains(n.literals, string(p.body[start:p.i]))`},
	{"any string is in an enum", `slices.Contains(n.literals, string(p.body[start:p.i]))`, `found&kindString != 0 || slices.Contains(n.literals, string(p.body[start:p.i]))`},
	{"any code will do", ` && code == p.code`, ` && (true || code == p.code)`},
	{"a code may be missing", `root.required |= 1 << root.at([]byte("code"))`, `root.required |= 0`},
	{"no envelope", `root.isEnvelope = isEnvelope; isEnvelope`, `root.isEnvelope = false; isEnvelope`},
	{"bytes may follow", `p.next() == 0 && p.i == len(body) && `, ``},
	{"NUL may follow", ` && p.i == len(body)`, ``},
	{"invalid UTF-8 is not seen", ` && utf8.Valid(body)`, ``},
	{"half a pair is a character", `utf8.ValidRune(char)`, `(true || utf8.ValidRune(char))`},
	{"an escape needs no digits", `ok && utf8.ValidRune(char)`, `(true || ok) && utf8.ValidRune(char)`},
	{"any escape will do", `strings.IndexByte("\"\\/bfnrt", c.body[c.i+1]) >= 0`, `c.body[c.i+1] != 'u' || strings.IndexByte("", 0) > 0`},
	{"control characters pass eight at a time", `&(low+each*(0x80-' '))`, ``},
	{"control characters pass at the end", `rest[0] >= ' ' && `, ``},
	{"a vertical tab is white space", `b != '\r'`, `b != '\r' && b != '\v'`},
	{"leading zeros", `p.body[start] == '0'`, `false && p.body[start] == '0'`},
	{"no digit is needed", `whole == 0 || `, `whole > 0 && `},
	{"no digit is needed after the point", `fraction == 0 || `, ``},
	{"a fraction is an integer", "\treturn kindNumber\n", "\treturn kindNumber | kindInteger\n"},
	{"ten digits in 32 bits", `integerBits(schema.Format)-1`, `integerBits(schema.Format)+3`},
	{"integers of any format", `n.digits = min(n.digits,`, `_ = min(n.digits,`},
	{"a comma may trail in a list", `|| !p.value(n.items, depth)`, `|| p.next() != ']' && !p.value(n.items, depth)`},
	{"a comma may trail in an object", `|| !p.member(n, &m, depth)`, `|| p.next() != '}' && !p.member(n, &m, depth)`},
	{"a comma may be missing", `!first && !p.takes(',') || !p.member`, `!first && !p.takes(',') && p.next() != '"' || !p.member`},
	{"null for what is required", `n.properties[i].optional = false`, `n.properties[i].optional = true`},
	{"null for any item", `if !schema.PermitsNull() {`, `if false {`},
	{"any items", `n.items = c.compile(part.Items.Value)`, `c.compile(part.Items.Value)`},
	{"allOf says nothing", `parts := composed(schema, nil, false)`, `parts := []*openapi3.Schema{schema}`},
	{"two schemas of a property", `n.at([]byte(name)) < 0 && `, ``},
	{"two schemas of items", ` && (part.Items == nil || n.items == nil)`, ``},
	{"two enums", `(len(schema.Enum) == 0 || n.literals == nil)`, `true`},
	{"required without a schema", `c.failed = c.failed || i < 0; !c.failed`, `c.failed = c.failed || false; !c.failed && i >= 0`},
	{"minLength says nothing", `	s.AllOf, s.Type,`, `	s.MinLength = 0
	s.AllOf, s.Type,`},
	{"oneOf says nothing", `	s.AllOf, s.Type,`, `	s.OneOf = nil
	s.AllOf, s.Type,`},
	{"no other properties says nothing", `has != nil && *has {`, `has != nil {`},
	{"a schema of others says nothing", `s.AdditionalProperties.Has = nil`, `s.AdditionalProperties.Has = nil
	}
	if true {
		s.AdditionalProperties.Schema = nil`},
	{"any date", `ofString && format != "date-time"`, `false && ofString && format != "date-time"`},
	{"nested more deeply than a walk goes", `maxProvenDepth = 64`, `maxProvenDepth = 20_000`},
	{"more objects than are read", `p.objects >= 0 && `, ``},
	{"more steps than a walk takes", ` && p.steps >= 0`, ``},
}

// Each mutant changes one place of the proof as it is now.
func TestMutantsAreOfTheProof(t *testing.T) {
	nested.WithoutRace(t)
	t.Parallel()
	for i, m := range mutants {
		mutantSources(t, m.old, m.new, i)
	}
}

// The search of TestProofAgrees finds each of the mutants. They are built into one test
// program beside the proof.
func TestMutantsAreFound(t *testing.T) {
	if os.Getenv("PROOF_TIME") == "" {
		t.Skip("takes minutes: run it with PROOF_TIME=10m")
	}
	t.Parallel()
	overlay, dir := map[string]string{}, t.TempDir()
	add := func(name, text string) {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		overlay[path] = filepath.Join(dir, name)
		if err := os.WriteFile(overlay[path], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := "package contract\n\nimport \"testing\"\n\nfunc TestMutants(t *testing.T) {\n"
	for i, m := range mutants {
		sources := mutantSources(t, m.old, m.new, i)
		for name, text := range sources {
			add(name, text)
		}
		tests += fmt.Sprintf("\ttestMutant(t, %q, compileProofM%d)\n", m.name, i)
	}
	add("mutants_all_test.go", tests+"}\n")
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "test", "-overlay", file, "-vet=off", "-count=1", "-v", "-run", "^TestMutants$", ".").CombinedOutput()
	t.Logf("%s", out)
	if found := bytes.Count(out, []byte("found after")); err != nil || found != len(mutants) {
		t.Errorf("%d of %d mutants found: %v", found, len(mutants), err)
	}
}

// mutantSources returns copies of the proof's files with one fault and with names of
// their own.
func mutantSources(t *testing.T, old, new string, number int) map[string]string {
	t.Helper()
	sources, names, count := map[string]string{}, []string{}, 0
	for _, file := range []string{"proof.go", "proofread.go", "cursor.go", "text.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source := strings.ReplaceAll(string(text), "`\"\\/bfnrt`", `"\"\\/bfnrt"`) // raw quotes can't stand in the table
		count += strings.Count(source, old)
		source = strings.Replace(source, old, new, 1)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ParseComments)
		if err != nil {
			t.Fatalf("%q: %v", new, err)
		}
		names = append(names, topLevelNames(parsed)...)
		sources[fmt.Sprintf("mutant_%d_%s_test.go", number, strings.TrimSuffix(file, ".go"))] = withoutMethodsOf(source, parsed, "Operation")
	}
	if count != 1 {
		t.Fatalf("%q stands in the proof %d times", old, count)
	}
	renamed := regexp.MustCompile(`\b(` + strings.Join(names, "|") + `)\b`)
	for name, source := range sources {
		sources[name] = renamed.ReplaceAllString(source, fmt.Sprintf("${1}M%d", number))
	}
	return sources
}

func topLevelNames(file *ast.File) (names []string) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				names = append(names, decl.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					names = append(names, spec.Name.Name)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// withoutMethodsOf leaves out the methods of a type that stays what it is.
func withoutMethodsOf(source string, file *ast.File, receiver string) string {
	for i := len(file.Decls) - 1; i >= 0; i-- {
		decl, ok := file.Decls[i].(*ast.FuncDecl)
		if !ok || decl.Recv == nil {
			continue
		}
		if star, ok := decl.Recv.List[0].Type.(*ast.StarExpr); ok && star.X.(*ast.Ident).Name == receiver {
			source = source[:decl.Pos()-1] + source[decl.End()-1:]
		}
	}
	return source + usesImports(file)
}

// usesImports keeps imports that only the left-out methods need.
func usesImports(file *ast.File) string {
	uses := map[string]string{`"net/http"`: "http.StatusOK", `"slices"`: "slices.Sort[[]int]", `"math"`: "math.Pi", `"unicode/utf8"`: "utf8.RuneSelf", `"bytes"`: "bytes.MinRead"}
	text := ""
	for _, spec := range file.Imports {
		if use := uses[spec.Path.Value]; use != "" {
			text += "\nvar _ = " + use + "\n"
		}
	}
	return text
}
