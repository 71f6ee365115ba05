package auth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// login is one run of the command login.
type login struct {
	e         cli.Env
	site      site
	flags     service.Flags
	withKey   bool
	noBrowser bool
	patience  time.Duration
}

const loginLong = `Get an API key in the browser, and store it in ~/.tensorslab/.env.

It opens a page of TensorsLab, which sends the key to this command once you agree.
The command listens on this machine only (127.0.0.1) and takes one key. If the browser
does not say which page a key is from, you are asked before it is used.

Without a browser on this machine, create a key at
` + keysPage + ` and pass it with --with-key.

The key is tried before it is stored, by a query that is free. If the service rejects
it, nothing is stored and the exit status is 3. If it accepts only the bare form,
TENSORSLAB_AUTH=bare is stored too. If nobody knows, because the service is unavailable
for example, the key is stored and the output says so. Other lines of the file are kept.`

func newLoginCommand(e cli.Env, s site) *cobra.Command {
	l := &login{e: e, site: s}
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Get an API key in the browser, and store it",
		Long:  loginLong,
		Example: `  tensorslab auth login
  tensorslab auth login --with-key < key.txt`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l.flags.Output = "text"
			if err := l.flags.Check(cmd.Flags()); err != nil {
				return err
			}
			switch {
			case l.patience <= 0:
				return cli.Usagef("--wait-timeout must be a duration above 0, such as 5m")
			case l.withKey && l.noBrowser:
				return cli.Usagef("use --with-key or --no-browser, not both")
			}
			return l.run(cmd.Context())
		},
	}
	l.flags.RegisterService(cmd, 20*time.Second)
	fs := cmd.Flags()
	fs.BoolVar(&l.withKey, "with-key", false, "read the key from standard input")
	fs.BoolVar(&l.noBrowser, "no-browser", false, "print the address of the page, and do not open it")
	fs.DurationVar(&l.patience, "wait-timeout", 5*time.Minute, "how long to wait for the key from the browser")
	return cmd
}

// run finds out first whether a key could be tried and stored, so that none is created in
// vain.
func (l *login) run(ctx context.Context) error {
	if _, err := l.flags.NewClient(l.e, "key-to-come"); err != nil {
		return err
	}
	if err := apikey.CheckStore(l.e.Home, wrapper.EnvAPIKey, wrapper.EnvAuth); err != nil {
		return cli.Failf(cli.Failed, "cannot store a key: %w", err)
	}
	l.flags.PrintNote(l.e)
	if !l.withKey {
		return l.inBrowser(ctx)
	}
	key, err := readKey(ctx, l.e)
	if err != nil {
		return err
	}
	text, err := l.use(ctx, key)
	if err != nil {
		return err
	}
	return l.succeed(text)
}

// inBrowser receives the key from TensorsLab's page. The browser shows the result, also
// if it is an error.
func (l *login) inBrowser(ctx context.Context) error {
	if l.site.open == nil && !l.noBrowser && !cli.IsTerminal(l.e.Stdin) {
		return cli.Failf(cli.Auth, "there is no browser to log in with, and no terminal; create a key at %s and pass it to \"tensorslab auth login --with-key\"", keysPage)
	}
	c, err := listen(ctx, l.site.origin())
	if err != nil {
		return fmt.Errorf("cannot listen for the key on 127.0.0.1: %w", err)
	}
	l.invite(l.addressFor(c))
	key, err := l.waitFor(ctx, c)
	text := ""
	if err == nil {
		text, err = l.use(ctx, key)
	}
	if err != nil {
		c.close(page{Title: "Not logged in", Text: l.e.Secret.Text(cli.OneLine(err.Error()))})
		return err
	}
	c.close(page{Title: "Logged in", Text: l.e.Secret.Text(text) + " You can close this page."})
	return l.succeed(text)
}

// addressFor returns the address of the page, which is told where to send the key.
func (l *login) addressFor(c *callback) string {
	query := url.Values{"redirect_uri": {c.address()}, "key_name": {wrapper.EnvAPIKey}}
	return l.site.page + "?" + query.Encode()
}

// invite opens the page, and prints its address for those whose browser does not open.
func (l *login) invite(address string) {
	fmt.Fprintf(l.e.Stderr, "Log in on this page, in a browser on this machine:\n  %s\n", address)
	opened := false
	if l.site.open != nil && !l.noBrowser {
		opened = l.site.open(address) == nil
	}
	if !opened && !l.noBrowser {
		fmt.Fprintf(l.e.Stderr, "No browser could be opened. If there is none, press Ctrl-C, create a key at %s\nand pass it to \"tensorslab auth login --with-key\".\n", keysPage)
	}
	fmt.Fprintln(l.e.Stderr, "Waiting for the key …")
}

func (l *login) waitFor(ctx context.Context, c *callback) (string, error) {
	errLate := errors.New("late")
	waiting, cancel := context.WithTimeoutCause(ctx, l.patience, errLate)
	defer cancel()
	key, err := c.wait(waiting)
	switch {
	case err == nil:
		l.e.Secret.Set(key)
		return key, nil
	case errors.Is(err, errLate):
		return "", cli.Failf(cli.Auth, "no key came from the browser within %v; nothing was stored; try again, or create a key at %s and pass it to \"tensorslab auth login --with-key\"", l.patience, keysPage)
	}
	return "", errInterrupted
}

// use tries a key and stores it unless the service rejects it. It returns what to tell
// the person.
func (l *login) use(ctx context.Context, key string) (string, error) {
	both, err := checkForms(ctx, l.e, &l.flags, key)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w; nothing was stored", err)
	case both.both(rejected):
		return "", cli.Failf(cli.Auth, "the service rejects the %s (%s); nothing was stored; create another at %s", named(key), both.bearer.reason(), keysPage)
	}
	key, _ = redact.CleanKey(key)
	variables := []apikey.Variable{{Name: wrapper.EnvAPIKey, Value: key}}
	bare, known := both.best()
	if known {
		variables = append(variables, apikey.Variable{Name: wrapper.EnvAuth, Value: authOf(bare)})
	}
	if err := apikey.Store(l.e.Home, variables...); err != nil {
		return "", cli.Failf(cli.Failed, "cannot store the key: %w", err)
	}
	text := fmt.Sprintf("The %s is stored in %s", named(key), apikey.Dotenv)
	switch {
	case !known:
		return text + ", but it is unknown whether the service accepts it: " + both.bearer.reason() + ".", nil
	case bare:
		return text + ", with TENSORSLAB_AUTH=bare, because the service accepts only the key without Bearer.", nil
	}
	return text + ", and the service accepts it.", nil
}

// succeed reports the end of a login, and what keeps the stored key from being used.
func (l *login) succeed(text string) error {
	warnOverridden(l.e)
	_, err := fmt.Fprintln(l.e.Stdout, l.e.Secret.Text(cli.OneLine(text)))
	return err
}
