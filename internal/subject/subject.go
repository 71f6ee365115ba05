// Package subject guesses what a rejection by the service is about: the key, or the task
// that the request names. How the service rejects a key is not published, so only the
// code and the words of its message can tell.
package subject

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// Subject is what a rejection is about.
type Subject int

// The subjects. Other stands for all else, and for what cannot be told.
const (
	Other Subject = iota
	Key
	Task
)

// codeFailure is the only code of the contract for a query that failed.
const codeFailure = 9999

// A word is of letters of one script alone, so that "tokens" and "keyword" are none of these, and
// "key" in the midst of Chinese is.
var (
	// Messages with these words are about the key, whatever else they name.
	refusals = []string{"unauthorized", "unauthorised", "unauthenticated", "authentication", "authorization", "bearer"}
	keys     = []string{"key", "apikey", "accesskey", "token", "credential", "credentials"}
	// Only these name the task: "not found" alone may be said of anything.
	tasks = []string{"task", "tasks", "taskid", "taskids", "image", "images", "record", "job"}
	// A message about an account, or the service as a whole, leaves open whether the key or the
	// task is at fault.
	accounts = []string{
		"user", "account", "member", "customer", "client", "app", "appid", "application", "tenant", "organization", "session", "permission",
		"secret", "keys", "tokens", "signature", "subscription", "plan", "service", "api", "route", "endpoint",
	}
	// A service that refuses a request for its load may not have looked at the key.
	limits = []string{"limit", "limited", "limits", "quota", "rate", "many", "busy", "exceeded", "frequent", "frequently", "credits", "timeout"}
)

// The words of messages in Chinese, which has no spaces between words.
var (
	keysInChinese     = []string{"密钥", "秘钥", "令牌", "授权", "鉴权", "认证", "登录"}
	tasksInChinese    = []string{"任务"}
	accountsInChinese = []string{"用户", "账号", "帐号", "账户", "帐户", "应用", "租户", "会员", "权限"}
)

// IsKey guesses from the envelope of a rejection whether it is about the key. A code of 0
// stands for none.
func IsKey(code int, message string) bool {
	words := wordsOf(message)
	return rejectsKey(code) ||
		code != 0 && (words.have(refusals) || words.have(keys) || contains(message, keysInChinese))
}

// rejectsKey takes an HTTP status, or a code that follows them.
func rejectsKey(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// OfQuery guesses what the rejection of a query for one task is about, from the HTTP
// status and the envelope. A code of 0 stands for a body that is no envelope. The result
// is Task only if the service has looked for the task.
func OfQuery(status, code int, message string) Subject {
	words := wordsOf(message)
	isTask := words.have(tasks) || contains(message, tasksInChinese)
	isKey := IsKey(code, message)
	switch {
	case code == 0 || status == http.StatusTooManyRequests || status >= 300 && status <= 399:
		return Other
	case rejectsKey(status), rejectsKey(code):
		return Key
	case status >= 500 || words.have(limits):
		return Other
	case words.have(refusals), isKey && !isTask:
		return Key
	case !isKey && (words.have(accounts) || contains(message, accountsInChinese)):
		return Other
	case status == http.StatusNotFound:
		return Task
	case isKey || code != codeFailure && code != http.StatusNotFound || !isTask:
		return Other
	}
	return Task
}

// words is a message in lower case, which is searched word by word: a list of the words
// of a large message would take many times its size.
type words string

func wordsOf(message string) words { return words(strings.ToLower(message)) }

func (w words) have(list []string) bool {
	for word := range strings.FieldsFuncSeq(string(w), isNoLetter) {
		if slices.Contains(list, word) {
			return true
		}
	}
	return false
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) || unicode.Is(unicode.Han, r) }

func contains(message string, list []string) bool {
	return slices.ContainsFunc(list, func(part string) bool { return strings.Contains(message, part) })
}
