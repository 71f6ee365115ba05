package batch

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
