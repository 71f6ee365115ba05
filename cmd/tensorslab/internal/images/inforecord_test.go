package images

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// Every field of the contract that the tests stand on is in the JSON.
func TestInfoHasAllFields(t *testing.T) {
	t.Parallel()
	var data generated.ImageInfoData
	fields := reflect.ValueOf(&data).Elem()
	want, known := map[string]string{}, frozen.Properties("ImageInfoData")
	for i := range fields.NumField() {
		field, name := fields.Field(i), fields.Type().Field(i).Name
		if property, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ","); !known[property] {
			continue
		}
		switch value := 7000 + i; field.Kind() {
		case reflect.Int:
			field.SetInt(int64(value))
			want[name] = fmt.Sprintf(":%d", value)
		case reflect.String:
			field.SetString(fmt.Sprint(value))
			want[name] = fmt.Sprintf(":%q", fmt.Sprint(value))
		case reflect.Slice:
			field.Set(reflect.ValueOf([]string{fmt.Sprint(value)}))
			want[name] = fmt.Sprintf(":[%q]", fmt.Sprint(value))
		default:
			t.Errorf("%s is a %v", name, field.Kind())
		}
	}
	want["ImageStatus"] = fmt.Sprintf(":%q", fmt.Sprintf("status %d", data.ImageStatus))
	line := reported(t, true, infoRecord{data.TaskID, &data})
	for name, value := range want {
		if strings.Count(line, value) != 1 {
			t.Errorf("%s: %s is not in %s", name, value, line)
		}
	}
}

// The help of images info names each field.
func TestInfoFieldsAreDocumented(t *testing.T) {
	t.Parallel()
	all := infoObject{"info", "a", "s", []string{"u"}, 1, 1, "t", "e", "c", 1, []string{"i"}, "p", "n", 1}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	for field := range object {
		if !strings.Contains(infoLong, field) {
			t.Errorf("field %q is not in the help", field)
		}
	}
}
