package tensorslab_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// needGenerator skips the test in a published copy of the module, which does not contain
// tools/go.mod and its version of the generator. Anywhere else that file must be there.
func needGenerator(t *testing.T) {
	t.Helper()
	published, err := codegen.Published(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	if published {
		t.Skip("the module cache does not contain tools/go.mod: run this in a clone of the repository")
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The files in generated/ are, byte for byte, what the pinned generator makes of
// the contract, the overlay and the configuration. Nothing in the tree is changed.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	err := codegen.Check(t.Context(), ".")
	if drift := (*codegen.DriftError)(nil); errors.As(err, &drift) {
		t.Fatal(drift)
	}
	if err != nil {
		t.Fatalf("cannot check whether generated/ is current: %v; fix that, then run: %s", err, codegen.Fix)
	}
}

func TestContractIsValid(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(codegen.Contract)
	if err != nil {
		t.Fatal(err)
	}
	spec := tensorslab.Spec()
	if !bytes.Equal(spec, file) {
		t.Error("Spec does not return openapi.json")
	}
	if err := codegen.Validate(spec); err != nil {
		t.Error(err)
	}
	// A fixed format, so that a diff shows changes of the contract only.
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(spec), "", "  "); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(indented.String()+"\n", string(spec)); d != "" {
		t.Errorf("openapi.json is not indented by 2 spaces with a newline at its end (-want +got):\n%s", d)
	}
	clear(spec)
	if !bytes.Equal(tensorslab.Spec(), file) {
		t.Error("writing to the result of Spec changed the contract")
	}
}

func TestDeleteImagesTaskIsAsPublished(t *testing.T) {
	t.Parallel()
	want := operationParts(t, []byte(readText(t, publishedDeletion)), "deleteImagesTask")
	if d := cmp.Diff(want, operationParts(t, tensorslab.Spec(), "deleteImagesTask")); d != "" {
		t.Errorf("the operation differs from the published one (-published +openapi.json):\n%s", d)
	}
}

// Each action of the overlay finds its target in the contract, and changes what is
// generated. The configuration itself ignores actions without a target, so that they do
// not prevent the import of a newer contract.
func TestOverlayAppliesStrictly(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	strictly := sync.OnceValues(func() (codegen.Files, error) { return codegen.Generate(t.Context(), strictInputs(t)) })
	before := sync.OnceValues(func() (codegen.Files, error) { return codegen.Uncompiled(t.Context(), frozenInputs(t)) })
	t.Run("current", func(t *testing.T) {
		t.Parallel()
		if _, err := strictly(); err != nil {
			t.Errorf("api/overlay.yaml does not apply strictly: %v", err)
		}
	})
	t.Run("mistyped target", func(t *testing.T) {
		t.Parallel()
		inputs := strictInputs(t)
		target := overlayTargets(t)[0]
		replace(t, inputs, codegen.Overlay, target+"\n", target+"x\n")
		refused(t, inputs, target+`x" did not match any targets`)
	})
	t.Run("stale action", func(t *testing.T) {
		t.Parallel()
		inputs := strictInputs(t)
		inputs[codegen.Overlay] = append(inputs[codegen.Overlay],
			"  - target: $..properties.gone\n    update:\n      x-go-name: Gone\n"...)
		refused(t, inputs, `"$..properties.gone" did not match any targets`)
	})
	for i, target := range overlayTargets(t) {
		t.Run("effect of "+target, func(t *testing.T) {
			t.Parallel()
			if !hasEffect(t, i, strictInputs(t), strictly) && !hasEffect(t, i, frozenInputs(t), before) {
				t.Errorf("the client is the same without the action on %s", target)
			}
		})
	}
}

// frozenInputs returns the inputs with the contract on which tests of other packages
// stand. A property that the published contract now requires may need no action of the
// overlay, until it is optional again.
func frozenInputs(t *testing.T) codegen.Files {
	t.Helper()
	inputs := strictInputs(t)
	inputs[codegen.Contract] = []byte(readText(t, "internal/testkit/frozen/contract.json"))
	return inputs
}

// hasEffect reports whether what is generated of inputs is another client without an
// action of the overlay.
func hasEffect(t *testing.T, action int, inputs codegen.Files, generate func() (codegen.Files, error)) bool {
	t.Helper()
	client, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	removeAction(t, inputs, action)
	other, err := codegen.Uncompiled(t.Context(), inputs)
	return err != nil || !cmp.Equal(client, other)
}

// strictInputs returns the files that the client is generated from, with the setting
// that every action of the overlay must find its target.
func strictInputs(t *testing.T) codegen.Files {
	t.Helper()
	inputs, err := codegen.Load(".")
	if err != nil {
		t.Fatal(err)
	}
	replace(t, inputs, codegen.Config, "    strict: false\n", "    strict: true\n")
	return inputs
}

func replace(t *testing.T, files codegen.Files, name, old, now string) {
	t.Helper()
	if bytes.Count(files[name], []byte(old)) != 1 {
		t.Fatalf("%s does not contain %q exactly once", name, old)
	}
	files[name] = bytes.Replace(files[name], []byte(old), []byte(now), 1)
}

func refused(t *testing.T, inputs codegen.Files, want string) {
	t.Helper()
	_, err := codegen.Uncompiled(t.Context(), inputs)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want an error with %q", err, want)
	}
}

const actionStart = "  - target: "

// overlayTargets lists the target of each action of the overlay.
func overlayTargets(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(codegen.Overlay)
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, action := range strings.Split(string(data), actionStart)[1:] {
		target, _, _ := strings.Cut(action, "\n")
		targets = append(targets, target)
	}
	if n := bytes.Count(data, []byte("target:")); len(targets) == 0 || len(targets) != n {
		t.Fatalf("found %d actions of the overlay by %q; it seems to have %d", len(targets), actionStart, n)
	}
	return targets
}

// removeAction replaces action i of the overlay with one that has no effect on the code.
func removeAction(t *testing.T, inputs codegen.Files, i int) {
	t.Helper()
	parts := strings.Split(string(inputs[codegen.Overlay]), actionStart)
	parts[i+1] = "$.info\n    update:\n      x-nothing: true\n"
	inputs[codegen.Overlay] = []byte(strings.Join(parts, actionStart))
}
