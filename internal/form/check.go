package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// Check refuses fields of a request for images that the service would refuse, or
// could read in another way: a blank prompt, text that is not UTF-8, what op does
// not allow, a resolution that is none of sizes, an address that is none, and files
// together with an address. The error is a [*FieldError].
func (list Fields) Check(op *contract.Operation, sizes *Sizes) error {
	if strings.TrimSpace(list.Find("prompt").Text) == "" {
		return &FieldError{Pointer: "/prompt", Reason: "is blank"}
	}
	for _, f := range list {
		if reason := f.check(op, sizes); reason != "" {
			return &FieldError{Pointer: f.Pointer(), Reason: reason}
		}
	}
	if err := list.checkForm(op); err != nil {
		return err
	}
	if len(list.Find("sourceImage").Files) > 0 && list.Find("imageUrl").Text != "" {
		return &FieldError{Pointer: "/imageUrl", Reason: "can't be sent together with files in sourceImage"}
	}
	return nil
}

// checkForm applies the schema of the form as a whole: which fields are required, and
// how many files a list may have. It sees an empty text in place of a file.
func (list Fields) checkForm(op *contract.Operation) error {
	if op == nil {
		return nil
	}
	media := op.RequestMedia("multipart/form-data")
	if media == nil {
		return nil
	}
	form := map[string]any{}
	for _, f := range list {
		switch {
		case f.Value != nil:
			form[f.Name] = f.Value
		case f.single:
			form[f.Name] = ""
		case len(f.Files) > 0:
			form[f.Name] = slices.Repeat([]any{""}, len(f.Files))
		}
	}
	found := op.CheckValue(media.Schema, form)
	if len(found) == 0 {
		return nil
	}
	reason := "is not what the contract allows (" + found[0].Keyword + ")"
	if found[0].Keyword == "required" {
		reason = "is required by the contract"
	}
	return &FieldError{Pointer: found[0].Pointer, Reason: reason}
}

func (f Field) check(op *contract.Operation, sizes *Sizes) (reason string) {
	if slices.ContainsFunc(f.Texts(), func(text string) bool { return !utf8.ValidString(text) }) {
		return "is not valid UTF-8"
	}
	// The contract's limits are read, so that one that allows more needs no change here.
	if reason := op.CheckField(f.Name, f.Value); f.Value != nil && reason != "" {
		return reason
	}
	switch f.Name {
	case "resolution":
		return sizes.Check(f.Text)
	case "imageUrl":
		return checkURL(f.Text)
	}
	return ""
}

// checkURL does not quote the URL, which may be signed.
func checkURL(s string) (reason string) {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "holds white space or a control character"
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || !isPort(u) {
		return "is not an absolute http or https URL"
	}
	return ""
}

// isPort reports whether the port of u, if there is one, is a port.
func isPort(u *url.URL) bool {
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" && !strings.HasSuffix(u.Host, ":") || err == nil && n > 0
}
