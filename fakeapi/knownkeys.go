package fakeapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// These bound the time of a search and what is kept; a test has one or two keys.
const (
	maxKnownKeys = 256
	maxKnownKey  = 4 << 10 // bytes
)

// knownKeys remembers the keys that must not reach the image host: the
// configured one and all that the API was sent.
type knownKeys struct {
	mu   sync.Mutex
	keys map[string]bool
}

func newKnownKeys(configured string) *knownKeys {
	k := &knownKeys{keys: make(map[string]bool)}
	if configured != "" {
		k.add(configured)
	}
	return k
}

func (k *knownKeys) add(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.keys) < maxKnownKeys && len(key) <= maxKnownKey {
		k.keys[key] = true
	}
}

// in returns the keys in a request's header or URL, each once. A short key
// counts as a whole value only, as for the journal.
func (k *knownKeys) in(r *http.Request) scrubber {
	found := k.find(textsOf(r)...)
	// The longest first: a part of it may be a key, too.
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) })
	return found
}

// find returns the keys in texts, with one search for each key however many texts
// there are. No key has a line break.
func (k *knownKeys) find(texts ...string) []string {
	whole := make(map[string]bool, len(texts))
	for _, text := range texts {
		whole[bareKey(text)] = true
	}
	all := strings.Join(texts, "\n")
	k.mu.Lock()
	defer k.mu.Unlock()
	var found []string
	for key := range k.keys {
		if whole[key] || len(key) >= minScrubbed && strings.Contains(all, key) {
			found = append(found, key)
		}
	}
	return found
}

// textsOf returns the values in which a key may be: as they were sent, and
// those of the URL without their escapes too.
func textsOf(r *http.Request) []string {
	texts := []string{r.URL.EscapedPath(), r.URL.Path, r.URL.RawQuery}
	texts = append(texts, strings.Split(r.URL.Path, "/")...)
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		for _, text := range []string{name, value} {
			if plain, err := url.QueryUnescape(text); err == nil {
				texts = append(texts, plain)
			}
		}
	}
	for name, values := range r.Header {
		texts = append(append(texts, name), values...)
	}
	return texts
}
