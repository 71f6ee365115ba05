// Command generate makes the client in generated/ from openapi.json. `go generate
// ./...` runs it in the module's root. It takes no arguments; if the contract is
// not valid or the generator fails, it changes nothing, prints one line, and
// exits with status 1.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "generate: it takes no arguments; run: "+codegen.Fix)
		os.Exit(2)
	}
	if err := generate(ctx, "."); err != nil {
		fmt.Fprintf(os.Stderr, "generate: %v\n", err)
		os.Exit(1)
	}
}

// generate regenerates the client of the module at root.
func generate(ctx context.Context, root string) error {
	inputs, err := codegen.Load(root)
	if err != nil {
		return err
	}
	output, err := codegen.Generate(ctx, inputs)
	if err != nil {
		return err
	}
	removed, err := codegen.Write(root, output)
	if len(removed) > 0 {
		// go generate lists all packages first and stops at a file that is missing.
		fmt.Fprintf(os.Stderr, "generate: removed %s, which the contract does not generate; go generate may now report it missing, although all is done\n",
			strings.Join(removed, ", "))
	}
	return err
}
