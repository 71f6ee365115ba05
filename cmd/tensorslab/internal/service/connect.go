package service

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Connect returns a client for the service that the flags and the environment name. It
// sends nothing. It sets f.BareKey if the environment or the .env file asks for that, so
// that advice is about what was sent.
func Connect(ctx context.Context, e cli.Env, f *Flags, more ...wrapper.Option) (*wrapper.Client, error) {
	key, err := cli.AwaitValue(ctx, func() (string, error) { return findKey(e, f) }) // a key file may be a pipe
	if err != nil {
		return nil, err
	}
	e.Secret.Set(key)
	if err := f.setForm(e); err != nil {
		return nil, err
	}
	opts := append(f.Options(), more...)
	name, base := f.base(e)
	if base != "" {
		opts = append(opts, wrapper.WithBaseURL(base))
	}
	client, err := wrapper.NewClient(key, opts...)
	switch {
	case errors.Is(err, wrapper.ErrInvalidKey):
		return nil, cli.Failf(cli.Auth, "%w", f.Advisor().Describe(err))
	case err != nil:
		return nil, cli.Usagef("%s: %w", name, f.Advisor().Describe(err))
	}
	return client, nil
}

// setForm sets f.BareKey if the environment, or else the .env file, asks for that. A .env
// file that cannot be read matters only if the key is to come from it.
func (f *Flags) setForm(e cli.Env) error {
	auth, place, _ := apikey.Setting(e.Getenv, e.Home, wrapper.EnvAuth)
	switch {
	case strings.EqualFold(auth, "bare"):
		f.BareKey = true
	case auth != "" && !strings.EqualFold(auth, "bearer"):
		return cli.Usagef("%s must be bearer or bare", place)
	}
	return nil
}

// base returns the base URL and where it comes from. It is empty for the default.
func (f *Flags) base(e cli.Env) (name, base string) {
	if f.BaseURL != "" {
		return "--base-url", f.BaseURL
	}
	return wrapper.EnvBaseURL, strings.TrimSpace(e.Getenv(wrapper.EnvBaseURL))
}

// IsLocal reports whether the service is on this machine.
func (f *Flags) IsLocal(e cli.Env) bool {
	_, base := f.base(e)
	u, err := url.Parse(base)
	return err == nil && IsLoopback(u.Hostname())
}

// IsLoopback reports whether host is a loopback address or localhost.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

func findKey(e cli.Env, f *Flags) (string, error) {
	if f.APIKeyFile != "" {
		key, err := apikey.FromFile(f.APIKeyFile)
		switch {
		case errors.Is(err, apikey.ErrNone):
			return "", cli.Failf(cli.Auth, "%w", err)
		case err != nil:
			return "", cli.Usagef("cannot read the API key: %w", err)
		}
		return key, nil
	}
	key, err := apikey.Find(e.Getenv, e.Home)
	if err != nil {
		return "", cli.Failf(cli.Auth, "%w; set %s, use --api-key-file, or write it to %s (keys are issued at %s)",
			err, wrapper.EnvAPIKey, apikey.Dotenv, "https://tensorai.tensorslab.com/apikey")
	}
	return key, nil
}
