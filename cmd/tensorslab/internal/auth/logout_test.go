package auth

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

func TestLogout(t *testing.T) {
	t.Parallel()
	const (
		removed = "The key that ends in …cdef was removed from ~/.tensorslab/.env. It stays valid; to revoke it, go to https://tensorai.tensorslab.com/apikey.\n"
		none    = "No key was stored in ~/.tensorslab/.env.\n"
	)
	for before, want := range map[string]struct{ out, file string }{
		"TENSORSLAB_API_KEY=" + clitest.Key + "\nTENSORSLAB_AUTH=bare\n":                              {removed, ""},
		"A=1\r\nexport TENSORSLAB_API_KEY='" + clitest.Key + "' # x\r\nTENSORSLAB_BASE_URL=https://h": {removed, "A=1\r\nTENSORSLAB_BASE_URL=https://h"},
		"TENSORSLAB_API_KEY=old-key-000000\nTENSORSLAB_API_KEY=" + clitest.Key:                        {removed, ""},
		"A=1\n": {none, "A=1\n"},
		"":      {none, ""},
	} {
		s := newSetting(t)
		s.write(before)
		got := s.run("logout")
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, "stdout", got.Out, want.out)
		clitest.WantText(t, "file", s.file(), want.file)
		clitest.WantStatus(t, s.run("status"), cli.Auth)
	}
}

func TestLogoutOddly(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	s.env["TENSORSLAB_API_KEY"] = clitest.Key
	got := s.run("logout") // without a file
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stderr", got.Err, "TENSORSLAB_API_KEY is set in the environment, and takes precedence over ~/.tensorslab/.env; unset it there\n")
	s.write("TENSORSLAB_API_KEY='" + clitest.Key + "\n")
	clitest.WantError(t, s.run("logout"), cli.Failed, "cannot remove the key: ~/.tensorslab/.env:1: a quote is not closed")
	s.home = ""
	clitest.WantStatus(t, s.run("logout"), cli.Failed)
}
