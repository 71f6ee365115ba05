package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"

	"github.com/tensorslab/tensorslab-go/internal/redact"
)

// question is a key that waits for the person's consent.
type question struct{ nonce, key string }

// maxAsked is how many questions are open at once.
const maxAsked = 8

// admits reports whether a form may have come from TensorsLab's page, and whether that is
// certain. A browser says where a form comes from, except that from an https page to this
// http address it sends "null": so it does from TensorsLab's page, and from any other.
// Then the person is asked, on a page that only a visible tab can show.
func (c *callback) admits(h http.Header) (possible, certain bool) {
	isVisible := isOneOf(h.Get("Sec-Fetch-Mode"), "", "navigate") && isOneOf(h.Get("Sec-Fetch-Dest"), "", "document")
	switch origin := h.Values("Origin"); {
	case len(origin) == 1 && origin[0] == c.trusted:
		return true, true
	case len(origin) == 0, len(origin) == 1 && origin[0] == "null":
		return isVisible, false
	}
	return false, false
}

func isOneOf(s, a, b string) bool { return s == a || s == b }

// receive takes the key from the form of a page.
func (c *callback) receive(w http.ResponseWriter, r *http.Request) {
	possible, certain := c.admits(r.Header)
	if !possible {
		refuse(w, http.StatusForbidden, "A key is accepted from "+c.trusted+" only. The login goes on; open the page that the command named in the terminal.")
		return
	}
	tokens := r.PostForm["token"]
	if len(tokens) != 1 {
		refuse(w, http.StatusBadRequest, "The form has no field token, or several.")
		return
	}
	key, fault := redact.CleanKey(tokens[0])
	if key == "" || fault != "" {
		refuse(w, http.StatusBadRequest, "The field token is not a key.")
		return
	}
	nonce := rand.Text()
	switch {
	case certain:
		c.take(w, r, nonce, key)
	case !c.ask(question{nonce, key}):
		c.refuseSecond(w)
	default:
		page{Title: "Use this key?", Nonce: nonce, Text: "A page sent the tensorslab command a " + named(key) +
			". If you have just agreed to that on " + c.trusted + ", use it. If not, close this page."}.write(w, http.StatusOK)
	}
}

// ask notes a question. It returns false once a key was taken.
func (c *callback) ask(q question) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isTaken {
		return false
	}
	c.asked = append(c.asked, q)
	c.asked = c.asked[max(0, len(c.asked)-maxAsked):]
	return true
}

// confirm receives the answer to a question, which only our own page can give.
func (c *callback) confirm(w http.ResponseWriter, r *http.Request) {
	nonce := r.PostForm.Get("nonce")
	key := ""
	c.mu.Lock()
	for _, q := range c.asked {
		if subtle.ConstantTimeCompare([]byte(q.nonce), []byte(nonce)) == 1 {
			key = q.key
		}
	}
	c.mu.Unlock()
	if key == "" || r.Header.Get("Origin") != "http://"+c.host {
		refuse(w, http.StatusForbidden, "This is not the answer to a question of the command. The login goes on; open the page that the command named in the terminal.")
		return
	}
	c.take(w, r, nonce, key)
}

// take passes the first key on, and shows what became of it. A button that is pressed
// twice gets the same page.
func (c *callback) take(w http.ResponseWriter, r *http.Request, nonce, key string) {
	if !c.takes(nonce, key) {
		c.refuseSecond(w)
		return
	}
	defer c.showing.Done()
	select {
	case <-c.ended:
		c.result.write(w, http.StatusOK)
	case <-r.Context().Done(): // nobody sees the page
	}
}

// takes reports whether a key is the first, or was the first. Then the caller has to call
// c.showing.Done.
func (c *callback) takes(nonce, key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.ended:
		return false
	default:
	}
	if c.isTaken && c.taken != nonce {
		return false
	}
	if !c.isTaken {
		c.isTaken, c.taken = true, nonce
		c.received <- key
	}
	c.showing.Add(1)
	return true
}

func (c *callback) refuseSecond(w http.ResponseWriter) {
	refuse(w, http.StatusConflict, "The command has received a key already. See the terminal.")
}
