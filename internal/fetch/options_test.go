package fetch

import (
	"net/netip"
	"testing"
	"time"
)

func TestOptionsDefaults(t *testing.T) {
	t.Parallel()
	defaults := Options{MaxBytes: 9, MaxRedirects: 5, Timeout: time.Minute}
	o, err := Options{}.WithDefaults(defaults)
	if err != nil || o.MaxBytes != 9 || o.MaxRedirects != 5 || o.Timeout != time.Minute || o.AllowPrivate || o.Transport != nil {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = Options{MaxBytes: 1, MaxRedirects: -1, Timeout: 2, AnyFile: true}.WithDefaults(defaults)
	if err != nil || o.MaxBytes != 1 || o.MaxRedirects != 0 || o.Timeout != 2 || !o.AnyFile {
		t.Errorf("%+v, %v", o, err)
	}
	networks := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	if o, _ = (Options{AllowNetworks: networks}).WithDefaults(defaults); len(o.AllowNetworks) != 1 || &o.AllowNetworks[0] == &networks[0] {
		t.Error("AllowNetworks is not copied")
	}
	for name, o := range map[string]Options{"size": {MaxBytes: -1}, "time": {Timeout: -1}, "network": {AllowNetworks: []netip.Prefix{{}}}} {
		if _, err := o.WithDefaults(defaults); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
