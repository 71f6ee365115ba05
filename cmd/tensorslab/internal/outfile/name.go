package outfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Name makes a file's name of an id, which may hold anything. Different ids have
// different names, also where case does not count.
func Name(id string) string {
	const most = 80
	name := strings.Map(portable, id)
	name = strings.TrimLeft(name[:min(len(name), most)], ".-")
	if name != "" && name == id && name == strings.ToLower(id) && !isDevice(name) {
		return name
	}
	sum := sha256.Sum256([]byte(id))
	return fmt.Sprintf("%s~%s", name, hex.EncodeToString(sum[:8]))
}

// portable keeps what every system takes in a file's name.
func portable(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		return r
	}
	return '_'
}

// isDevice reports whether Windows takes a name for a device, whatever follows
// its first dot.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(name) == 4 && (strings.HasPrefix(name, "com") || strings.HasPrefix(name, "lpt"))
}
