package main

import (
	"fmt"
	"regexp"
	"strings"
)

// forOperators replaces what the errors of the packages below say to Go
// programmers.
var forOperators = strings.NewReplacer(
	"fakeapi: ", "",
	"with WithBearer", "with --bearer",
	"without WithBearer", "without --bearer",
	"; report it to the service, or see WithValidation", "; report it to the service",
	" (WithMaxResponseBytes)", "",
	"set TENSORSLAB_API_KEY or pass a key", "set TENSORSLAB_API_KEY or give --api-key-file",
	"\r", "",
	"\n", "; ",
)

// prefix is how errors of the wrapper begin: with the module, and with the
// operation where there is one.
var prefix = regexp.MustCompile(`tensorslab: ([a-z][A-Za-z0-9]*: )?`)

// plain is the text of an error for an operator, on one line.
func plain(err error) string {
	return forOperators.Replace(prefix.ReplaceAllString(err.Error(), ""))
}

// count is n with a noun in the number that goes with it.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "ch") {
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
