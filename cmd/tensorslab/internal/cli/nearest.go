package cli

import (
	"regexp"
	"strconv"
	"strings"
)

// A word of the command line is repeated in an error only if it cannot be an API key,
// which people type in the wrong place by mistake: it is short, and has few digits unless
// it is a number, with a unit at most.
var (
	wordPattern   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,15}([-_.][A-Za-z0-9]{1,15}){0,3}$`)
	numberPattern = regexp.MustCompile(`^[-+]?[0-9.]{1,10}[A-Za-z]{0,3}$`)
	manyDigits    = regexp.MustCompile(`([0-9].*){5}`)
)

const longestWord = 24

// Shown returns a word of the command line in quotes, or an empty string if it might be an
// API key.
func Shown(word string) string {
	isWord := len(word) <= longestWord && wordPattern.MatchString(word) && !manyDigits.MatchString(word)
	if isWord || numberPattern.MatchString(word) {
		return strconv.Quote(word)
	}
	return ""
}

// secretive matches values that call themselves a secret.
var secretive = regexp.MustCompile(`(?i)secret|key|token|passw|^(sk|pk|tl)[-_]`)

// But names a value that is refused, as the end of a sentence.
func But(word string) string {
	if shown := Shown(word); shown != "" && !secretive.MatchString(word) {
		return ", but got " + shown
	}
	return ""
}

// Nearest returns the one of names that was probably meant by word, or an empty string.
// Case, dashes and dots do not count; word may be the beginning of a name, or differ from
// it by two letters.
func Nearest(word string, names []string) string {
	word = plain(word)
	best, least := "", min(2, len(word)/2)+1
	for _, name := range names {
		switch other := plain(name); {
		case other == word:
			return name
		case len(word) > 1 && strings.HasPrefix(other, word) && least > 0:
			best, least = name, 0
		default:
			if d := distance(word, other); d < least {
				best, least = name, d
			}
		}
	}
	return best
}

func plain(word string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "", " ", "").Replace(strings.ToLower(word))
}

// distance returns how many letters have to be put in, removed, replaced or exchanged with
// their neighbours to make b of a. Both are names, and so are short.
func distance(a, b string) int {
	const longest = 40
	if len(a) > longest || len(b) > longest {
		return longest
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			rows[i][j] = max(i, j) // of the first row and column
			if i == 0 || j == 0 {
				continue
			}
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
