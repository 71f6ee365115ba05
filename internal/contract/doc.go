// Package contract reads an OpenAPI 3.0 document, finds the operation of a
// request, and says where a JSON body violates the operation's schema.
//
// It knows nothing of the service that a document describes. Its functions
// return values and not errors for people: a [Violation] has a JSON Pointer and
// a keyword, and never a value of a body.
//
// All of it is safe for concurrent use once a document was read.
package contract
