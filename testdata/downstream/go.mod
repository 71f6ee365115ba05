// A program of somebody else, which uses this module as a user would. A module of
// its own, so that it is no part of ours.
module example.com/retention

go 1.26.0

require github.com/tensorslab/tensorslab-go v0.0.0

require (
	github.com/getkin/kin-openapi v0.153.0 // indirect
	github.com/go-openapi/jsonpointer v1.0.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/oapi-codegen/runtime v1.9.0 // indirect
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	golang.org/x/text v0.44.0 // indirect
)

replace github.com/tensorslab/tensorslab-go => ../..
