package auth

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func newLogoutCommand(e cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Remove the stored API key from this machine",
		Long: `Remove the stored API key, and TENSORSLAB_AUTH, from ~/.tensorslab/.env. Other lines
of the file are kept.

The key stays valid. To revoke it, go to ` + keysPage + `.`,
		Args: cli.NoArgs,
		RunE: func(*cobra.Command, []string) error { return logout(e) },
	}
}

func logout(e cli.Env) error {
	nowhere := func(string) string { return "" }
	key, _, err := apikey.Setting(nowhere, e.Home, wrapper.EnvAPIKey)
	if err == nil {
		err = apikey.Store(e.Home, apikey.Variable{Name: wrapper.EnvAPIKey}, apikey.Variable{Name: wrapper.EnvAuth})
	}
	if err != nil {
		return cli.Failf(cli.Failed, "cannot remove the key: %w", err)
	}
	warnOverridden(e)
	text := "No key was stored in " + apikey.Dotenv + "."
	if key != "" {
		text = fmt.Sprintf("The %s was removed from %s. It stays valid; to revoke it, go to %s.", named(key), apikey.Dotenv, keysPage)
	}
	_, err = fmt.Fprintln(e.Stdout, text)
	return err
}
