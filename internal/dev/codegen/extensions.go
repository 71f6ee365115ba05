package codegen

import "strings"

// dropExtensions removes every extension (x-…) of the document. The generator obeys
// some of them: a document could rename or drop Go fields, or have another module
// linked. Go names and types are decided by the overlay and by the rules of this
// package alone. Names that begin with x-, as those of headers do, are no extensions.
func (d draft) dropExtensions() {
	components, _ := d.root["components"].(node)
	each(d.root, func(n node) {
		dropFrom(n)
		// The keys of these are paths and statuses, so that an x- there is an extension.
		// In components it may begin the name of a response.
		paths, _ := n["paths"].(node)
		dropFrom(paths)
		if responses, ok := n["responses"].(node); ok && identity(n) != identity(components) {
			dropFrom(responses)
		}
	})
}

func dropFrom(n node) {
	for key := range n {
		if strings.HasPrefix(key, "x-") {
			delete(n, key)
		}
	}
}

// dropCallbacks removes the requests that the service sends. A client sends none of
// them, and the generator would declare types for their bodies, by names that two
// operations may share.
func (d draft) dropCallbacks() {
	delete(d.root, "webhooks")
	each(d.root, func(n node) {
		if n["responses"] != nil || n["schemas"] != nil { // an operation, or the components
			delete(n, "callbacks")
		}
	})
}
