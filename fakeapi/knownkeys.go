package fakeapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// maxKnownKeys bounds what a search costs; a test has one or two keys.
const maxKnownKeys = 1000

// knownKeys remembers, by digest, the keys that must not reach the image host:
// the configured one and all that the API was sent.
type knownKeys struct {
	mu     sync.Mutex
	count  int
	bySize map[int]map[keySum]struct{}
}

func newKnownKeys(configured *keySum) *knownKeys {
	k := &knownKeys{bySize: make(map[int]map[keySum]struct{})}
	if configured != nil {
		k.add(*configured)
	}
	return k
}

func (k *knownKeys) add(sum keySum) {
	k.mu.Lock()
	defer k.mu.Unlock()
	sums := k.bySize[sum.size]
	if sums == nil {
		sums = make(map[keySum]struct{})
		k.bySize[sum.size] = sums
	}
	if _, again := sums[sum]; !again && k.count < maxKnownKeys {
		sums[sum] = struct{}{}
		k.count++
	}
}

// in returns the keys that stand in a request's header or URL, each once. A
// short key counts as a whole value only, as for the journal.
func (k *knownKeys) in(r *http.Request) scrubber {
	var found scrubber
	for _, text := range textsOf(r) {
		for _, key := range k.find(text) {
			if !slices.Contains(found, key) {
				found = append(found, key)
			}
		}
	}
	return found
}

func (k *knownKeys) find(text string) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var found []string
	whole := bareKey(text)
	if _, ok := k.bySize[len(whole)][sumOf(whole)]; ok {
		found = append(found, whole)
	}
	for size, sums := range k.bySize {
		for at := 0; size >= minScrubbed && at+size <= len(text); at++ {
			part := text[at : at+size]
			if _, ok := sums[sumOf(part)]; ok {
				found = append(found, part)
			}
		}
	}
	return found
}

// textsOf returns the values in which a key may stand: as they were sent, and
// for those of the URL without their escapes too.
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
