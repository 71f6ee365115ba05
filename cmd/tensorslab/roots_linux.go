package main

// The certificate authorities that Mozilla trusts, for systems that have no list of their own,
// such as a container that holds nothing but this command. The system's list goes first.
import _ "golang.org/x/crypto/x509roots/fallback"
