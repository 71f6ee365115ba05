package contract

// Members returns the object that the body is, if the members with these names can
// be read in one way only: no key is repeated anywhere, and none equals one of the
// names except for case. Otherwise, and for a body that is no object, it returns nil.
func (b *Body) Members(names ...string) map[string]any {
	object, _ := b.Object()
	if len(b.Repeats) > 0 {
		return nil
	}
	for _, name := range names {
		if HasOtherCase(object, name) {
			return nil
		}
	}
	return object
}
