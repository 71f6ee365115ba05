package bench

import (
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

// filterDoer puts openapi3filter.ValidateResponse in front of the generated
// client, as its documentation shows.
type filterDoer struct {
	next   *http.Client
	router routers.Router
}

func openFilter(baseURL string, transport http.RoundTripper) (calls, error) {
	doc, err := openapi3.NewLoader().LoadFromData(tensorslab.Spec())
	if err != nil {
		return calls{}, err
	}
	doc.Servers = openapi3.Servers{{URL: baseURL}} // the router finds nothing elsewhere
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return calls{}, err
	}
	return openGenerated(baseURL, &filterDoer{newHTTPClient(transport), router})
}

func (d *filterDoer) Do(req *http.Request) (*http.Response, error) {
	resp, err := d.next.Do(req)
	if err != nil {
		return nil, err
	}
	route, params, err := d.router.FindRoute(req)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: req, PathParams: params, Route: route,
		},
		Status: resp.StatusCode, Header: resp.Header, Body: resp.Body,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateResponse(req.Context(), input); err != nil {
		resp.Body.Close()
		return nil, err
	}
	resp.Body = input.Body
	return resp, nil
}
