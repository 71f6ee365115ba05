package main

import (
	"fmt"
	"strings"
)

// forOperators replaces what the errors of the packages below say to Go
// programmers.
var forOperators = strings.NewReplacer(
	"tensorslab: ", "",
	"fakeapi: ", "",
	"deleteImagesTask: ", "",
	"with WithBearer", "with --bearer",
	"without WithBearer", "without --bearer",
	"; report it to the service, or see WithValidation", "; report it to the service",
	" (WithMaxResponseBytes)", "",
	"set TENSORSLAB_API_KEY or pass a key", "set TENSORSLAB_API_KEY or give --api-key-file",
	"\r", "",
	"\n", "; ",
)

// plain is the text of an error for an operator, on one line.
func plain(err error) string { return forOperators.Replace(err.Error()) }

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
