package auth

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
)

// page is what the browser shows of the login.
type page struct {
	Title, Text string
	Nonce       string // of a question, with a button that answers yes; or empty
}

var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>{{.Title}}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.4rem 1rem}</style>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
{{with .Nonce}}<form method="post" action="/confirm"><input type="hidden" name="nonce" value="{{.}}"><button>Use this key</button></form>
{{end}}</html>
`))

// write responds with the page. It may not be framed, so that no other page can lure
// people into pressing its button, and it is not kept.
func (p page) write(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin") // with no-referrer the browser would not say that the button is ours
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, p); err != nil {
		panic(err) // of a template and a struct that are constant
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
	if f, ok := w.(http.Flusher); ok {
		f.Flush() // the listener may end as soon as the page is written
	}
}

// refuse responds to a request that does not belong to the login.
func refuse(w http.ResponseWriter, status int, text string) {
	page{Title: "Not logged in", Text: text}.write(w, status)
}
