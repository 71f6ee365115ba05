package batch

// Template is the names of the files of images, in the form that [ToDir] explains. It is
// for programs that save images by other means and should use the same names.
type Template struct{ t template }

// ParseTemplate reads a template. Its error matches [ErrTemplate].
func ParseTemplate(text string) (Template, error) {
	t, err := parseTemplate(text)
	return Template{t}, err
}

// Name returns the name of an image, counted from 1, with slashes. It is the same for two
// images only if they have the same fields of the template. ext has its dot, such as ".png".
func (t Template) Name(r Result, image int, ext string) string { return t.t.name(r, image, ext) }

// Has reports whether the template has a field, such as "task".
func (t Template) Has(field string) bool { return t.t.has(field) }
