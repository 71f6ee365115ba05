module github.com/tensorslab/tensorslab-go/durable

go 1.26.0

require (
	github.com/jackc/pgx/v5 v5.11.0
	go.uber.org/goleak v1.3.0
)

require (
	github.com/getkin/kin-openapi v0.153.0 // indirect
	github.com/go-openapi/jsonpointer v1.0.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/oapi-codegen/runtime v1.9.0 // indirect
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
)

require (
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/tensorslab/tensorslab-go v0.1.0
	golang.org/x/text v0.44.0 // indirect
)
