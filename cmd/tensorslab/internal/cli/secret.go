package cli

import (
	"strings"
	"sync"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// Secret takes the API key out of everything that the command prints: the service and
// image hosts may repeat it. The zero value and nil take nothing out. It is safe for
// concurrent use.
type Secret struct {
	mu       sync.RWMutex
	redactor redact.Redactor
}

// Set makes key the secret. It may still have the quotes that the library drops.
func (s *Secret) Set(key string) {
	if s == nil {
		return
	}
	words := strings.Fields(key)
	for i, word := range words {
		words[i] = strings.Trim(word, `"'`)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redactor = redact.New(strings.Join(words, " "))
}

// Text returns text without the key.
func (s *Secret) Text(text string) string {
	if s == nil {
		return text
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.redactor.Text(text)
}
