// Code generated from openapi.json by go generate. DO NOT EDIT.

package generated

// ServerURL is the address of the first server that the contract lists, which a
// client uses unless it is given another one.
const ServerURL = "https://api.tensorslab.com"
