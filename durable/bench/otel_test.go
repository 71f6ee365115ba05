package bench

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/riverqueue/rivercontrib/otelriver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// docs/durable.md shows this function.
//
// observe reports how many jobs are in each state.
func observe(meter metric.Meter, store *durable.Store) error {
	count := func(ctx context.Context, gauge metric.Int64Observer) error {
		counts, err := store.Counts(ctx)
		if err != nil {
			return err
		}
		for state := batch.Planned; state <= batch.Deleted; state++ {
			gauge.Observe(counts[state], metric.WithAttributes(attribute.Stringer("state", state)))
		}
		return nil
	}
	_, err := meter.Int64ObservableGauge("tensorslab.jobs", metric.WithInt64Callback(count))
	return err
}

// The middleware of River users goes into the configuration that Configure completes, and a gauge
// has the counts of the table.
func TestOpenTelemetry(t *testing.T) {
	pool := migrated(t, pgtest.Database(t))
	store, service := durable.NewStore(pool), fakeapi.Start(t)
	client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(service.URL), wrapper.WithHTTPClient(service.Client()))
	if err != nil {
		t.Fatal(err)
	}
	workers, err := durable.Workers(client, store, durable.Options{WaitInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	reader := sdk.NewManualReader()
	provider := sdk.NewMeterProvider(sdk.WithReader(reader))
	if err := observe(provider.Meter("test"), store); err != nil {
		t.Fatal(err)
	}
	config := &river.Config{Middleware: []rivertype.Middleware{otelriver.NewMiddleware(&otelriver.MiddlewareConfig{MeterProvider: provider})}}
	if err := workers.Configure(config); err != nil {
		t.Fatal(err)
	}
	queue, err := river.NewClient(riverpgxv5.New(pool), config)
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		return durable.Enqueue(t.Context(), tx, batch.Job{Key: "fox", Request: wrapper.GenerateRequest{Prompt: "a fox"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if states := gauge(t, reader); states["planned"] != 1 || states["completed"] != 0 || len(states) != 9 {
		t.Errorf("before the work: %v", states)
	}
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(2 * time.Minute); gauge(t, reader)["completed"] == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the job is not completed: %v", gauge(t, reader))
		}
	}
	if err := queue.StopAndCancel(context.Background()); err != nil {
		t.Fatal(err)
	}
	if worked := counter(t, reader, "river.work_count"); worked < 2 { // submit and wait
		t.Errorf("the middleware counts %d jobs of River", worked)
	}
}

func migrated(t *testing.T, database string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := durable.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	return pool
}

// metrics returns what a reader collects, by name.
func metrics(t *testing.T, reader sdk.Reader) map[string]metricdata.Aggregation {
	t.Helper()
	var got metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	found := map[string]metricdata.Aggregation{}
	for _, scope := range got.ScopeMetrics {
		for _, m := range scope.Metrics {
			found[m.Name] = m.Data
		}
	}
	return found
}

// gauge returns the jobs by state.
func gauge(t *testing.T, reader sdk.Reader) map[string]int64 {
	t.Helper()
	data, _ := metrics(t, reader)["tensorslab.jobs"].(metricdata.Gauge[int64])
	states := map[string]int64{}
	for _, point := range data.DataPoints {
		state, _ := point.Attributes.Value("state")
		states[state.AsString()] = point.Value
	}
	return states
}

// counter returns the sum of a counter of the middleware.
func counter(t *testing.T, reader sdk.Reader, name string) (sum int64) {
	t.Helper()
	data, _ := metrics(t, reader)[name].(metricdata.Sum[int64])
	for _, point := range data.DataPoints {
		sum += point.Value
	}
	return sum
}
