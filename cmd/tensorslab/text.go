package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// forOperators replaces what the errors of the packages below say to Go
// programmers.
var forOperators = strings.NewReplacer(
	"fakeapi: ", "",
	"with WithBearer", "with --bearer",
	"without WithBearer", "without --bearer",
	"; report it to the service, or see WithValidation", "; report it to the service",
	"allow it with WithDownload", "allow it with --allow-private",
	" (WithMaxResponseBytes)", "",
	" (WithDownload)", "",
	" (WithTimeout)", " (--timeout)",
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

// printable keeps what the service sent from steering a terminal.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return s
	}
	return strconv.Quote(s)
}

var shellWord = regexp.MustCompile(`^[A-Za-z0-9_.,:/@%+=-]+$`)

// advise is the command that goes on with a task, to be copied to a shell. The id
// comes from the service: it must not become a flag, or a command of its own.
func advise(verb, id string, flags ...string) string {
	words := append([]string{"tensorslab", "images", verb}, flags...)
	if strings.HasPrefix(id, "-") {
		words = append(words, "--")
	}
	words = append(words, id)
	for i, word := range words {
		words[i] = quoteWord(word)
	}
	return strings.Join(words, " ")
}

func quoteWord(word string) string {
	if shellWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(printable(word), "'", `'\''`) + "'"
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
