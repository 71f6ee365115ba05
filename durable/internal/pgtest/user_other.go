//go:build !unix

package pgtest

import (
	"errors"
	"os/exec"
)

func supported() error {
	return errors.New("pgtest: the tests with PostgreSQL need a Unix socket and a Unix shell")
}

func giveAway(string) error { return supported() }

func (s *Server) asServer(*exec.Cmd) error { return supported() }
