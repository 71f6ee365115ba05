// Program example makes pictures in several processes, each of which is paid once.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
	"github.com/tensorslab/tensorslab-go/durable/blob"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// main makes a picture of each argument, with all other processes that run it.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	pool := must(pgxpool.New(ctx, os.Getenv("DATABASE_URL")))
	defer pool.Close()
	check(durable.Migrate(ctx, pool))

	check(pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { // a transaction of yours, with rows of yours
		for _, prompt := range os.Args[1:] {
			job := batch.Job{Key: prompt, Request: wrapper.GenerateRequest{Prompt: prompt}}
			if err := durable.Enqueue(ctx, tx, job); err != nil {
				return err
			}
		}
		return nil
	}))

	client := must(wrapper.NewClientFromEnv()) // reads TENSORSLAB_API_KEY
	opts := durable.Options{Parallel: 4, Save: blob.Save(blob.Dir("pictures"))}
	workers := must(durable.Workers(client, durable.NewStore(pool), opts))
	config := &river.Config{}
	check(workers.Configure(config))
	queue := must(river.NewClient(riverpgxv5.New(pool), config))
	check(queue.Start(ctx))
	<-queue.Stopped() // after SIGTERM, once the submissions under way have their responses
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T { check(err); return value }
