package wrapper

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	const key = "secret-key-0123456789"
	for _, given := range []string{key, "Bearer " + key} {
		c, err := NewClient(given)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"a fox", "", key, "my key is " + key + "!", "Bearer " + key} {
			got := c.Redact(text)
			if strings.Contains(got, key) || !strings.Contains(text, key) && got != text {
				t.Errorf("%q: %q", text, got)
			}
		}
	}
	if got := new(Client).Redact("a fox"); got != "a fox" {
		t.Errorf("the zero Client: %q", got)
	}
}
