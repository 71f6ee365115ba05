package contract

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Server returns the address of the first server that a document lists, with the
// defaults of its variables. The error says why it can't be the address that a
// program uses by default: it is not https, has parts that requests would lose, or
// is of a host that only its developers reach.
func Server(spec *openapi3.T) (string, error) {
	if len(spec.Servers) == 0 || spec.Servers[0] == nil {
		return "", errors.New("it lists no server, so that nothing says where to send requests")
	}
	address, err := addressOf(spec.Servers[0])
	if err != nil {
		return "", fmt.Errorf("its first server %q %w", spec.Servers[0].URL, err)
	}
	return address, nil
}

// CheckServers returns an error if the first server of a document can't be used, or
// if a path or an operation has another server of its own: a client sends all
// requests to one.
func CheckServers(spec *openapi3.T) error {
	server, err := Server(spec)
	if err != nil {
		return err
	}
	return firstOf(spec, func(item *openapi3.PathItem, op *openapi3.Operation) error {
		own := item.Servers
		if op.Servers != nil && len(*op.Servers) > 0 {
			own = *op.Servers
		}
		if len(own) == 0 || own[0] == nil {
			return nil
		}
		if address, err := addressOf(own[0]); err != nil || address != server {
			return fmt.Errorf("it has a server of its own, %q, and all requests go to %s", own[0].URL, server)
		}
		return nil
	})
}

// firstOf returns the error of the first operation, by path and method, that has one,
// and names the operation in it.
func firstOf(spec *openapi3.T, check func(*openapi3.PathItem, *openapi3.Operation) error) error {
	for _, path := range slices.Sorted(maps.Keys(spec.Paths.Map())) {
		item := spec.Paths.Value(path)
		operations := item.Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			if err := check(item, operations[method]); err != nil {
				return fmt.Errorf("operation %s: %w", cmp.Or(operations[method].OperationID, method+" "+path), err)
			}
		}
	}
	return nil
}

// addressOf returns the address of a server without a slash at its end. The error
// completes a sentence that begins with the server.
func addressOf(server *openapi3.Server) (string, error) {
	text := server.URL
	for name, variable := range server.Variables {
		text = strings.ReplaceAll(text, "{"+name+"}", variable.Default)
	}
	u, err := url.Parse(text)
	switch {
	case strings.ContainsAny(text, "{}"):
		return "", errors.New("has a variable without a default")
	case err != nil:
		return "", errors.New("is malformed")
	case u.Scheme == "" || u.Host == "":
		return "", errors.New("is relative, so that it names no host")
	case u.Scheme != "https":
		return "", errors.New("is not https, so that the key would travel in the clear")
	case u.User != nil || strings.ContainsAny(text, "?#"):
		return "", errors.New("holds user info, a query or a fragment, which requests would lose")
	case !isPort(u):
		return "", errors.New("has a port that is not between 1 and 65535")
	case !isPublicHost(u.Hostname()):
		return "", errors.New("is not a public host")
	}
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.String(), "/"), nil
}

func isPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.Atoi(u.Port())
	return err == nil && port >= 1 && port <= 65535
}

// isPublicHost goes by the name alone, which it does not look up.
func isPublicHost(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(name); err == nil {
		addr = addr.Unmap()
		return addr.IsGlobalUnicast() && !addr.IsPrivate() && !sharedAddresses.Contains(addr)
	}
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	return len(labels) > 1 && !slices.Contains(labels, "") && !slices.Contains(developersNames, last) && strings.Trim(last, "0123456789") != ""
}

// sharedAddresses are those of carriers' networks (RFC 6598).
var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")

// developersNames are the last labels of names that no public resolver knows.
var developersNames = []string{"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp"}
