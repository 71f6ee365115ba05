package outfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Name returns a file name for an id, which may contain any character. Different ids
// have different names, even on a file system that ignores case.
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

// portable replaces characters that are not allowed in file names on every system.
func portable(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		return r
	}
	return '_'
}

// isDevice reports whether name is a device on Windows, which ignores everything after
// the first dot.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(name) == 4 && (strings.HasPrefix(name, "com") || strings.HasPrefix(name, "lpt"))
}
