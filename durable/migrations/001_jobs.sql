-- A row for each job of package durable. Its state is the only thing that decides whether
-- a request may be sent; the jobs of River only bring work to the workers.
CREATE TABLE tensorslab_job (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key           text        NOT NULL UNIQUE CHECK (octet_length(key) BETWEEN 1 AND 512),
    state         text        NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'submitting', 'submitted',
                                  'completed', 'saved', 'failed', 'in-doubt', 'refused', 'deleted')),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at    timestamptz NOT NULL DEFAULT clock_timestamp(), -- when it entered the state
    digest        text        NOT NULL, -- of the request, by which another one under the same key is noticed
    request       json        NOT NULL, -- what is sent
    model         text        NOT NULL,
    prompt        text        NOT NULL, -- the first characters, for people
    attempt       text,                 -- names the submission under way, or the last one; null once a person has decided
    lease_until   timestamptz,          -- when a submission under way has certainly ended
    submissions   integer     NOT NULL DEFAULT 0, -- requests that may have had an effect
    crowded       integer     NOT NULL DEFAULT 0, -- responses that were taken for those of a full plan
    task_id       text,
    submitted_at  timestamptz,          -- when the task was created
    ended         boolean     NOT NULL DEFAULT false, -- the task holds no place, though it names no image yet
    missing_since timestamptz,          -- since when the service knows no such task
    failures      integer     NOT NULL DEFAULT 0, -- in a row, of queries or of attempts to save the images
    files         text[]      NOT NULL DEFAULT '{}',
    error         text        NOT NULL DEFAULT '', -- the reason of the state
    deletion      text        CHECK (deletion IN ('failed', 'unknown')), -- of an attempt that did not succeed
    deletion_error text       NOT NULL DEFAULT '',
    river_job     bigint                -- the job of River that works on it next, or did
);

CREATE INDEX tensorslab_job_state ON tensorslab_job (state, changed_at);
CREATE INDEX tensorslab_job_task ON tensorslab_job (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX tensorslab_job_kept ON tensorslab_job (id) WHERE task_id IS NOT NULL AND state <> 'deleted';

-- Tasks whose ids no job has: they came when a person had decided about the job already, or they
-- have failed and their job was submitted again.
CREATE TABLE tensorslab_stray (
    task_id  text        NOT NULL,
    key      text        NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (task_id, key)
);
