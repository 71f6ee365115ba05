// Package auth holds the commands about the API key: login, status and logout.
package auth

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Addresses of TensorsLab's site. The first is the page to which its own client sends
// people who log in; the second is where keys are created and revoked.
const (
	loginPage = "https://tensorai.tensorslab.com/auth"
	keysPage  = "https://tensorai.tensorslab.com/apikey"
)

// site is what a login in the browser depends on, so that tests can replace it.
type site struct {
	page string             // where the person agrees
	open func(string) error // opens an address in a browser; nil if there can be none
}

// origin returns the origin of the page, as browsers write it.
func (s site) origin() string {
	u, err := url.Parse(s.page)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// NewCommand returns the command auth with its subcommands.
func NewCommand(e cli.Env) *cobra.Command {
	return newCommand(e, site{loginPage, e.Open})
}

func newCommand(e cli.Env, s site) *cobra.Command {
	group := cli.NewGroup("auth", "Log in, see which key is used and whether it works, log out",
		newLoginCommand(e, s), newStatusCommand(e), newLogoutCommand(e))
	cli.Suggest(group, otherNames)
	group.Annotations = map[string]string{"token": noToken, "print-token": noToken, "get-token": noToken}
	return group
}

// noToken is what to do instead of printing the key.
const noToken = `the key is never printed; "tensorslab auth status" says where it is from`

// otherNames are the names that other tools have for the commands.
var otherNames = map[string][]string{
	"login":  {"configure", "config", "signin", "sign-in", "setup", "init", "key", "refresh"},
	"status": {"whoami", "check", "verify", "info", "list", "ls"},
	"logout": {"signout", "sign-out", "revoke"},
}

// tooShort is in place of the ending of a short key.
const tooShort = "…"

// ending returns the last four characters of a key, by which people recognize it. Of a
// short key they would be too much.
func ending(key string) string {
	const shown, least = 4, 12
	key, _ = redact.CleanKey(key)
	if len(key) < least {
		return tooShort
	}
	return "…" + key[len(key)-shown:]
}

// named returns words for a key, to be put after "the".
func named(key string) string {
	if end := ending(key); end != tooShort {
		return "key that ends in " + end
	}
	return "key (too short to show)"
}

// overridden warns that the environment takes precedence over the .env file.
func overridden(e cli.Env, name string) string {
	if _, place, _ := apikey.Setting(e.Getenv, "", name); place != "" {
		return fmt.Sprintf("%s is set in the environment, and takes precedence over %s; unset it there", name, apikey.Dotenv)
	}
	return ""
}

// warnOverridden prints the warnings about all variables that the commands store.
func warnOverridden(e cli.Env) {
	for _, name := range []string{wrapper.EnvAPIKey, wrapper.EnvAuth} {
		if text := overridden(e, name); text != "" {
			fmt.Fprintln(e.Stderr, text)
		}
	}
}
