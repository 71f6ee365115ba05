package contract

import (
	"strings"
	"sync"
)

// Leaves of the grammar that are looked at: prose for people, and the pattern of a
// schema.
const (
	text    = "text"
	regular = "regular"
)

// grammarLines has the fields of each object of the OpenAPI Specification 3.0.3, with the
// kind of its value: "" for one that is not looked into, the name of an object, and
// "[name" for a list, "{name" for a map of those, and "(name" for a map that may also have
// extensions.
//
// Of the keywords that later versions gave to schemas, those that decide what is valid
// are in it, so that the validator refuses the document that has them.
func grammarLines() map[string]string {
	return map[string]string{
		"document":    "openapi info:info servers:[server paths:(pathItem components:components security tags:[tag externalDocs:docs webhooks jsonSchemaDialect",
		"info":        "title:text description:text termsOfService contact:contact license:license version",
		"contact":     "name url email",
		"license":     "name url",
		"server":      "url description:text variables:{variable",
		"variable":    "enum default description:text",
		"components":  "schemas:{schema responses:{response parameters:{parameter examples:{example requestBodies:{requestBody headers:{header securitySchemes:{scheme links:{link callbacks:{(pathItem",
		"pathItem":    "$ref summary:text description:text get:operation put:operation post:operation delete:operation options:operation head:operation patch:operation trace:operation servers:[server parameters:[parameter",
		"operation":   "tags summary:text description:text externalDocs:docs operationId parameters:[parameter requestBody:requestBody responses:(response callbacks:{(pathItem deprecated security servers:[server",
		"docs":        "description:text url",
		"parameter":   "name in description:text required deprecated allowEmptyValue style explode allowReserved schema:schema example examples:{example content:{media",
		"header":      "description:text required deprecated allowEmptyValue style explode allowReserved schema:schema example examples:{example content:{media",
		"requestBody": "description:text content:{media required",
		"media":       "schema:schema example examples:{example encoding:{encoding",
		"encoding":    "contentType headers:{header style explode allowReserved",
		"response":    "description:text headers:{header content:{media links:{link",
		"example":     "summary:text description:text value externalValue",
		"link":        "operationRef operationId parameters requestBody description:text server:server",
		"tag":         "name description:text externalDocs:docs",
		"schema": "title:text multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern:regular maxItems minItems uniqueItems " +
			"maxProperties minProperties required enum type allOf:[schema oneOf:[schema anyOf:[schema not:schema items:schema properties:{schema additionalProperties:schema " +
			"description:text format default nullable discriminator:discriminator readOnly writeOnly xml:xml externalDocs:docs example deprecated " +
			"const prefixItems contains minContains maxContains patternProperties dependentSchemas dependentRequired propertyNames unevaluatedItems unevaluatedProperties if then else $dynamicRef $defs",
		"discriminator": "propertyName mapping",
		"xml":           "name namespace prefix attribute wrapped",
		"scheme":        "type description:text name in scheme bearerFormat flows:flows openIdConnectUrl",
		"flows":         "implicit:flow password:flow clientCredentials:flow authorizationCode:flow",
		"flow":          "authorizationUrl tokenUrl refreshUrl scopes",
	}
}

// grammar has the lines of grammarLines, once they are needed.
var grammar struct {
	once    sync.Once
	objects map[string]map[string]string
}

// fieldsOf returns the kind of each field of an object, by the name of the object.
func fieldsOf(kind string) map[string]string {
	grammar.once.Do(compileGrammar)
	return grammar.objects[kind]
}

func compileGrammar() {
	grammar.objects = map[string]map[string]string{}
	for name, line := range grammarLines() {
		fields := map[string]string{}
		for field := range strings.FieldsSeq(line) {
			key, kind, _ := strings.Cut(field, ":")
			fields[key] = kind
		}
		grammar.objects[name] = fields
	}
}
