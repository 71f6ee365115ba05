package fakeapi

import (
	"net/http"
	"net/url"
	"strings"
)

// queryMark begins the name of a credential in the query, in the lists that hold the
// names of headers as well. No header's name has it.
const queryMark = "?"

// carriedBy returns the headers of a request, and the credentials in its query under
// their names with queryMark. It returns the headers themselves if there are none.
func carriedBy(r *http.Request, secret map[string]bool) http.Header {
	if r.URL.RawQuery == "" {
		return r.Header
	}
	carried, query := r.Header, r.URL.Query()
	for name := range secret {
		parameter, inQuery := strings.CutPrefix(name, queryMark)
		if values := query[parameter]; inQuery && len(values) > 0 {
			if len(carried) == len(r.Header) {
				carried = r.Header.Clone()
			}
			carried[name] = values
		}
	}
	return carried
}

// withoutCredentials replaces the values of credentials in a query.
func withoutCredentials(query string, secret map[string]bool) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && value != "" && secret[queryMark+plain] {
			pairs[i] = name + "=" + redacted
		}
	}
	return strings.Join(pairs, "&")
}

// placesOf names the places of credentials for a message.
func placesOf(names []string) string {
	var places []string
	for _, name := range names {
		if parameter, inQuery := strings.CutPrefix(name, queryMark); inQuery {
			places = append(places, "the query parameter "+parameter)
		} else {
			places = append(places, "the header "+name)
		}
	}
	return strings.Join(places, " and ")
}
