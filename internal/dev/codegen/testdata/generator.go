// A generator for tests, which does what its configuration says in one line: the
// first word is what to do, the rest is what to do it with. Given the real one's
// configuration, it writes other code to the same place.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

const code = "package generated\n\n// By is who wrote this.\nconst By = \"another generator\"\n"

func main() {
	config, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	verb, rest, _ := strings.Cut(strings.TrimSpace(string(config)), " ")
	switch verb {
	case "write":
		write(rest, code)
	case "fail":
		fmt.Fprintln(os.Stderr, "error: cannot\n\n  generate this")
		os.Exit(1)
	case "hang":
		conn, err := net.Dial("tcp", rest)
		if err != nil {
			panic(err)
		}
		fmt.Fprint(conn, "started")
		io.Copy(io.Discard, conn) // ends when the other side does
	default:
		write("generated/client.gen.go", code)
	}
}

func write(name, text string) {
	if err := os.Mkdir("generated", 0o755); err != nil {
		panic(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		panic(err)
	}
}
