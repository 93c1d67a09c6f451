/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of results.csv and threads.csv. The common ones are listed here;
 * each scenario declares its own (scenario.h), and they follow in the order of
 * the scenarios' names. The header, the writer, the reader, `ringbench list
 * columns` and docs/columns.md come from these declarations. Readers go by
 * name. An empty field means "not measured" and never 0. The last column of
 * every file, checksum, is added by the writer (results.h).
 *
 * X(name, type, unit, role, better, scale, meaning)
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stddef.h>

enum column_type {
	TYPE_TEXT,
	TYPE_INTEGER,
	TYPE_REAL,
};

enum column_role {
	ROLE_IDENTITY, /* which observation this is */
	ROLE_FACTOR,   /* what was asked for: tells cells apart */
	ROLE_METRIC,   /* what was measured */
	ROLE_CHECK,    /* whether it can be believed */
};

/* Of a metric: which direction is an improvement. */
enum column_better {
	BETTER_NEITHER,
	BETTER_HIGHER,
	BETTER_LOWER,
};

/* Of a metric: a sum grows with the messages of the window and is compared
 * per message. */
enum column_scale {
	SCALE_VALUE,
	SCALE_SUM,
};

/* clang-format off */
#define COLUMNS_WHEN(X)                                                        \
	X(run_id, TEXT, "", IDENTITY, NEITHER, VALUE,                          \
	  "name of the run's folder")                                          \
	X(session_id, TEXT, "", IDENTITY, NEITHER, VALUE,                      \
	  "one pass over all rounds; a resumed run keeps its session, and "    \
	  "both sides of ab or aa share it")                                   \
	X(host_id, TEXT, "", IDENTITY, NEITHER, VALUE,                         \
	  "salted hash of machine-id, CPU model and CPU count")                \
	X(build_id, TEXT, "", IDENTITY, NEITHER, VALUE,                        \
	  "the linker's build id of the program that measured; ab: of the "    \
	  "build whose objects it links anew")                                 \
	X(seed, INTEGER, "", IDENTITY, NEITHER, VALUE,                         \
	  "seed of the order of the rounds")                                   \
	X(round, INTEGER, "", IDENTITY, NEITHER, VALUE,                        \
	  "rounds count from 1; each holds every cell once, in a new "         \
	  "order")                                                             \
	X(order_in_round, INTEGER, "", IDENTITY, NEITHER, VALUE,               \
	  "place of the observation in its round, from 1, over all sides")

#define COLUMNS_CELL(X)                                                        \
	X(scenario, TEXT, "", FACTOR, NEITHER, VALUE,                          \
	  "how threads and queues are wired")                                  \
	X(backend, TEXT, "", FACTOR, NEITHER, VALUE,                           \
	  "the queue implementation")                                          \
	X(wait, TEXT, "", FACTOR, NEITHER, VALUE,                              \
	  "what a thread does while its queue is empty or full")               \
	X(queues, INTEGER, "", FACTOR, NEITHER, VALUE, "number of queues")     \
	X(producers, INTEGER, "", FACTOR, NEITHER, VALUE,                      \
	  "number of producing threads")                                       \
	X(consumers, INTEGER, "", FACTOR, NEITHER, VALUE,                      \
	  "number of consuming threads")                                       \
	X(placement, TEXT, "", FACTOR, NEITHER, VALUE,                         \
	  "on which processors the threads sit")

#define RESULT_COLUMNS(X)                                                      \
	COLUMNS_WHEN(X)                                                        \
	X(started_at, TEXT, "", IDENTITY, NEITHER, VALUE, "UTC, ISO 8601")     \
	COLUMNS_CELL(X)                                                        \
	X(cpus, TEXT, "", IDENTITY, NEITHER, VALUE,                            \
	  "CPU of each thread in order, joined by +; empty: not pinned")       \
	X(capacity, INTEGER, "messages", FACTOR, NEITHER, VALUE,               \
	  "capacity asked for")                                                \
	X(capacity_usable, INTEGER, "messages", IDENTITY, NEITHER, VALUE,      \
	  "capacity that the backend made of it; 0: without bound")            \
	X(stop, TEXT, "", FACTOR, NEITHER, VALUE,                              \
	  "how the end is told: event or sentinel")                            \
	X(payload_bytes, INTEGER, "bytes", FACTOR, NEITHER, VALUE,             \
	  "bytes of a message that both sides touch")                          \
	X(warmup_ns, INTEGER, "ns", FACTOR, NEITHER, VALUE,                    \
	  "warm-up before the window")                                         \
	X(duration_ns, INTEGER, "ns", FACTOR, NEITHER, VALUE,                  \
	  "planned length of the window; 0: it ends after a number of "        \
	  "messages")                                                          \
	X(status, TEXT, "", CHECK, NEITHER, VALUE,                             \
	  "ok; failed: verification; hung; crashed; error: could not be "      \
	  "set up")                                                            \
	X(flags, TEXT, "", CHECK, NEITHER, VALUE,                              \
	  "what makes this row doubtful, joined by +")                         \
	X(verified, INTEGER, "", CHECK, NEITHER, VALUE,                        \
	  "1: every message accounted for; 0: not; empty: a floor")            \
	X(messages, INTEGER, "messages", METRIC, HIGHER, VALUE,                \
	  "messages taken in the window")                                      \
	X(elapsed_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "last end minus first start over the threads")                       \
	X(throughput_msg_per_s, REAL, "messages/s", METRIC, HIGHER, VALUE,     \
	  "messages / elapsed")                                                \
	X(busy_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                        \
	  "sum over threads: elapsed minus waits")                             \
	X(wait_empty_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                  \
	  "sum over threads: waiting for a message")                           \
	X(wait_full_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                   \
	  "sum over threads: waiting for room")                                \
	X(idle_share, REAL, "", METRIC, NEITHER, VALUE,                        \
	  "waits / (busy + waits)")                                            \
	X(cpu_ns, INTEGER, "ns", METRIC, LOWER, SUM,                           \
	  "sum over threads: CPU time used")                                   \
	X(cpu_user_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "part of cpu in user mode, an estimate by the kernel's ticks")       \
	X(cpu_sys_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "part of cpu in the kernel, an estimate by the kernel's ticks")      \
	X(runqueue_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "sum over threads: ready to run, but another had the CPU")           \
	X(asleep_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                      \
	  "sum over threads: elapsed minus cpu minus runqueue")                \
	X(empty_tries, INTEGER, "", METRIC, NEITHER, SUM,                      \
	  "tries to take that found nothing")                                  \
	X(full_tries, INTEGER, "", METRIC, NEITHER, SUM,                       \
	  "tries to put that found no room")                                   \
	X(timeouts, INTEGER, "", METRIC, NEITHER, SUM,                         \
	  "waits that reached their deadline")                                 \
	X(vol_switches, INTEGER, "", METRIC, LOWER, SUM,                       \
	  "times that a thread gave up its CPU by sleeping")                   \
	X(invol_switches, INTEGER, "", METRIC, LOWER, SUM,                     \
	  "times that the scheduler took the CPU away")                        \
	X(page_faults, INTEGER, "", CHECK, NEITHER, VALUE,                     \
	  "page faults of the threads inside the window")                      \
	X(lost, INTEGER, "messages", CHECK, NEITHER, VALUE,                    \
	  "sent and never taken")                                              \
	X(repeated, INTEGER, "messages", CHECK, NEITHER, VALUE,                \
	  "taken more than once")                                              \
	X(reordered, INTEGER, "messages", CHECK, NEITHER, VALUE,               \
	  "taken after one that the same producer sent later")                 \
	X(left_over, INTEGER, "messages", METRIC, NEITHER, VALUE,              \
	  "still queued at the end; drained and counted")                      \
	X(stop_ns, INTEGER, "ns", METRIC, LOWER, VALUE,                        \
	  "from the request to stop to the last thread's end")

#define THREAD_COLUMNS(X)                                                      \
	COLUMNS_WHEN(X)                                                        \
	COLUMNS_CELL(X)                                                        \
	X(thread, TEXT, "", FACTOR, NEITHER, VALUE,                            \
	  "the thread's part, and its number")                                 \
	X(flags, TEXT, "", CHECK, NEITHER, VALUE,                              \
	  "superseded: a round that was cut off")                              \
	X(cpu, INTEGER, "", IDENTITY, NEITHER, VALUE,                          \
	  "CPU pinned to; empty: not pinned")                                  \
	X(start_ns, INTEGER, "ns", METRIC, NEITHER, VALUE,                     \
	  "start of its window after the first thread's")                      \
	X(elapsed_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "its own end minus its own start")                                   \
	X(messages, INTEGER, "messages", METRIC, HIGHER, VALUE,                \
	  "messages taken; for a producer: sent")                              \
	X(busy_ns, INTEGER, "ns", METRIC, NEITHER, SUM, "elapsed minus waits") \
	X(wait_empty_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                  \
	  "waiting for a message")                                             \
	X(wait_full_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                   \
	  "waiting for room")                                                  \
	X(wait_scaled_ns, INTEGER, "ns", METRIC, NEITHER, VALUE,               \
	  "part of the waits that comes from timing 1 wait in 64")             \
	X(waits, INTEGER, "", METRIC, NEITHER, VALUE, "number of waits")       \
	X(cpu_ns, INTEGER, "ns", METRIC, LOWER, SUM, "CPU time used")          \
	X(cpu_user_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "part in user mode, estimate")                                       \
	X(cpu_sys_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "part in the kernel, estimate")                                      \
	X(runqueue_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "ready to run, but another had the CPU")                             \
	X(asleep_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                      \
	  "elapsed minus cpu minus runqueue")                                  \
	X(empty_tries, INTEGER, "", METRIC, NEITHER, SUM,                      \
	  "tries to take, nothing there")                                      \
	X(full_tries, INTEGER, "", METRIC, NEITHER, SUM,                       \
	  "tries to put, no room")                                             \
	X(timeouts, INTEGER, "", METRIC, NEITHER, SUM,                         \
	  "waits that reached their deadline")                                 \
	X(vol_switches, INTEGER, "", METRIC, LOWER, SUM,                       \
	  "CPU given up by sleeping")                                          \
	X(invol_switches, INTEGER, "", METRIC, LOWER, SUM,                     \
	  "CPU taken by the scheduler")                                        \
	X(page_faults, INTEGER, "", CHECK, NEITHER, VALUE,                     \
	  "page faults inside the window")
/* clang-format on */

#define COLUMN_ENUM(name, type, unit, role, better, scale, meaning) \
	COLUMN_##name,
/* The common columns; the scenarios' own are found by schema_find(). */
enum result_column {
	RESULT_COLUMNS(COLUMN_ENUM) COMMON_COLUMN_COUNT
};

#define THREAD_ENUM(name, type, unit, role, better, scale, meaning) \
	THREAD_##name,
enum thread_column {
	THREAD_COLUMNS(THREAD_ENUM) THREAD_COLUMN_COUNT
};

struct column {
	const char *name;
	const char *unit;
	const char *meaning;
	enum column_type type;
	enum column_role role;
	enum column_better better;
	enum column_scale scale;
};

struct record;

/* The columns of one kind of file, in order. */
struct schema {
	const char *file; /* "results.csv" or "threads.csv" */
	const struct column *columns;
	size_t count;
	/* Optional: fills in a factor that the file has no column for, since
	 * the file is older than the column. */
	void (*fill_absent)(struct record *record, int column);
};

/* Complete once the program has started: the scenarios' columns are added
 * before main(). */
extern struct schema results_schema;
extern const struct schema threads_schema;

/*
 * Adds a scenario's column to results.csv. Returns its position, or -1 when
 * the name is taken by a column that is declared differently.
 */
int schema_declare(const struct column *column);

/* Position of the column, or -1. */
int schema_find(const struct schema *schema, const char *name);

#endif
