/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of results.csv and threads.csv. This file lists the common
 * columns. Each scenario declares its own columns (scenario.h); they follow the
 * common columns, in the order of the scenarios' names. The header, the writer,
 * the reader, `ringbench list columns` and docs/columns.md are made from these
 * declarations. Readers find a column by its name. An empty field means "not
 * measured", never 0. The writer adds the last column of every file, checksum
 * (results.h).
 *
 * X(name, type, unit, role, better, scale, meaning)
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

enum column_type {
	TYPE_TEXT,
	TYPE_INTEGER,
	TYPE_REAL,
};

enum column_role {
	ROLE_IDENTITY, /* identifies the observation */
	ROLE_FACTOR,   /* a parameter; the factors identify the cell */
	ROLE_METRIC,   /* a measured value */
	ROLE_CHECK,    /* shows whether the row is reliable */
};

/* The direction in which a metric improves. */
enum column_better {
	BETTER_NEITHER,
	BETTER_HIGHER,
	BETTER_LOWER,
};

/* SCALE_SUM: the metric grows with the number of messages in the window, so it
 * is compared per message. */
enum column_scale {
	SCALE_VALUE,
	SCALE_SUM,
};

/* clang-format off */
#define COLUMNS_WHEN(X)                                                        \
	X(run_id, TEXT, "", IDENTITY, NEITHER, VALUE,                          \
	  "name of the run folder")                                            \
	X(session_id, TEXT, "", IDENTITY, NEITHER, VALUE,                      \
	  "identifies the session: the rounds that one call of run, ab or "    \
	  "aa measures. A resumed run keeps its session; both sides of ab "    \
	  "or aa have the same")                                               \
	X(host_id, TEXT, "", IDENTITY, NEITHER, VALUE,                         \
	  "salted hash of machine-id, CPU model and CPU count")                \
	X(host, TEXT, "", FACTOR, NEITHER, VALUE,                              \
	  "name of the host, in a merged run; empty: the run is of one host")  \
	X(build_id, TEXT, "", IDENTITY, NEITHER, VALUE,                        \
	  "linker's build id of the measuring program; for ab: build id of "   \
	  "the first link of the side")                                        \
	X(seed, INTEGER, "", IDENTITY, NEITHER, VALUE,                         \
	  "seed of the random order of cells in each round")                   \
	X(round, INTEGER, "", IDENTITY, NEITHER, VALUE,                        \
	  "number of the round, from 1; each round measures every cell, in a " \
	  "new random order")                                                  \
	X(attempt, INTEGER, "", IDENTITY, NEITHER, VALUE,                      \
	  "number of the measurement of this cell in this round, from 1; a "   \
	  "disturbed observation is measured again")                           \
	X(order_in_round, INTEGER, "", IDENTITY, NEITHER, VALUE,               \
	  "position of the observation in its round, from 1; with ab and aa "  \
	  "the observations of both sides are counted together")

#define COLUMNS_CELL(X)                                                        \
	X(scenario, TEXT, "", FACTOR, NEITHER, VALUE,                          \
	  "kind of measurement: its threads, queues and loops")                \
	X(backend, TEXT, "", FACTOR, NEITHER, VALUE,                           \
	  "queue implementation")                                              \
	X(wait, TEXT, "", FACTOR, NEITHER, VALUE,                              \
	  "what a thread does while its queue is empty or full")               \
	X(queues, INTEGER, "", FACTOR, NEITHER, VALUE,                         \
	  "number of queues")                                                  \
	X(producers, INTEGER, "", FACTOR, NEITHER, VALUE,                      \
	  "number of producer threads")                                        \
	X(consumers, INTEGER, "", FACTOR, NEITHER, VALUE,                      \
	  "number of consumer threads")                                        \
	X(placement, TEXT, "", FACTOR, NEITHER, VALUE,                         \
	  "rule that assigns threads to CPUs")

#define RESULT_COLUMNS(X)                                                      \
	COLUMNS_WHEN(X)                                                        \
	X(started_at, TEXT, "", IDENTITY, NEITHER, VALUE,                      \
	  "time at which the observation started, UTC, in ISO 8601")           \
	COLUMNS_CELL(X)                                                        \
	X(cpus, TEXT, "", IDENTITY, NEITHER, VALUE,                            \
	  "CPU of each thread, joined by +; empty: threads are not pinned")    \
	X(capacity, INTEGER, "messages", FACTOR, NEITHER, VALUE,               \
	  "requested capacity of a queue")                                     \
	X(capacity_usable, INTEGER, "messages", IDENTITY, NEITHER, VALUE,      \
	  "usable capacity: messages that a queue really holds; 0: "           \
	  "unbounded")                                                         \
	X(stop, TEXT, "", FACTOR, NEITHER, VALUE,                              \
	  "how threads learn that the window has ended: event (a flag) or "    \
	  "sentinel (a last message)")                                         \
	X(payload_bytes, INTEGER, "bytes", FACTOR, NEITHER, VALUE,             \
	  "bytes of a message that the producer writes and the consumer "      \
	  "reads")                                                             \
	X(warmup_ns, INTEGER, "ns", FACTOR, NEITHER, VALUE,                    \
	  "length of the warm-up before the window")                           \
	X(duration_ns, INTEGER, "ns", FACTOR, NEITHER, VALUE,                  \
	  "planned length of the window; 0: the window ends after a number "   \
	  "of messages")                                                       \
	X(status, TEXT, "", CHECK, NEITHER, VALUE,                             \
	  "ok; failed: the verification failed; hung; crashed; error: the "    \
	  "observation could not start")                                       \
	X(flags, TEXT, "", CHECK, NEITHER, VALUE,                              \
	  "reasons why this row is doubtful, joined by +")                     \
	X(verified, INTEGER, "", CHECK, NEITHER, VALUE,                        \
	  "1: all messages arrived once and in order; 0: they did not; "       \
	  "empty: not verified, because the backend is a bound or the "        \
	  "scenario promises nothing")                                         \
	X(messages, INTEGER, "messages", METRIC, HIGHER, VALUE,                \
	  "messages that consumers popped in the window")                      \
	X(elapsed_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "from the start of the first thread to the end of the last thread")  \
	X(throughput_msg_per_s, REAL, "messages/s", METRIC, HIGHER, VALUE,     \
	  "messages divided by elapsed_ns, per second")                        \
	X(busy_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                        \
	  "sum over threads: elapsed time minus all waiting time")             \
	X(wait_empty_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                  \
	  "sum over threads: time spent waiting at an empty queue")            \
	X(wait_full_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                   \
	  "sum over threads: time spent waiting at a full queue")              \
	X(wait_pace_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                   \
	  "sum over threads: time spent until a message was due, and rest after a message, as " \
	  "--rate, --produce-every and --consume-every demand")                \
	X(wait_pace_cpu_ns, INTEGER, "ns", METRIC, NEITHER, SUM,               \
	  "part of wait_pace_ns in which the thread used a CPU")               \
	X(idle_share, REAL, "", METRIC, NEITHER, VALUE,                        \
	  "time spent waiting at queues, divided by the sum of this time and " \
	  "busy_ns")                                                           \
	X(cpu_ns, INTEGER, "ns", METRIC, LOWER, SUM,                           \
	  "sum over threads: CPU time used")                                   \
	X(cpu_user_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "part of cpu_ns in user mode; the kernel estimates it from timer "   \
	  "ticks")                                                             \
	X(cpu_sys_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "part of cpu_ns in the kernel; the kernel estimates it from timer "  \
	  "ticks")                                                             \
	X(runqueue_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "sum over threads: time in which the thread was ready but not "      \
	  "running")                                                           \
	X(asleep_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                      \
	  "sum over threads: elapsed time minus cpu_ns minus runqueue_ns")     \
	X(empty_tries, INTEGER, "", METRIC, NEITHER, SUM,                      \
	  "pop attempts that found the queue empty")                           \
	X(full_tries, INTEGER, "", METRIC, NEITHER, SUM,                       \
	  "push attempts that found the queue full")                           \
	X(timeouts, INTEGER, "", METRIC, NEITHER, SUM,                         \
	  "waits that reached their deadline")                                 \
	X(vol_switches, INTEGER, "", METRIC, LOWER, SUM,                       \
	  "voluntary context switches: times that a thread went to sleep")     \
	X(invol_switches, INTEGER, "", METRIC, LOWER, SUM,                     \
	  "involuntary context switches: times that the scheduler preempted "  \
	  "a thread")                                                          \
	X(cpu_push_share, REAL, "CPUs", METRIC, LOWER, VALUE,                  \
	  "CPU time of the threads that push, without pacing, divided by "     \
	  "elapsed_ns")                                                        \
	X(cpu_pop_share, REAL, "CPUs", METRIC, LOWER, VALUE,                   \
	  "CPU time of the threads that only pop, without pacing, divided by " \
	  "elapsed_ns")                                                        \
	X(cpu_push_ns_per_msg, REAL, "ns", METRIC, LOWER, VALUE,               \
	  "CPU time of the threads that push, without pacing, per message")    \
	X(cpu_pop_ns_per_msg, REAL, "ns", METRIC, LOWER, VALUE,                \
	  "CPU time of the threads that only pop, without pacing, per "        \
	  "message")                                                           \
	X(switches_per_msg, REAL, "", METRIC, LOWER, VALUE,                    \
	  "context switches of all threads, voluntary and involuntary, per "   \
	  "message")                                                           \
	X(page_faults, INTEGER, "", CHECK, NEITHER, VALUE,                     \
	  "page faults of the threads in the window")                          \
	X(line_before_ns, REAL, "ns", CHECK, NEITHER, VALUE,                   \
	  "core distance before the window: round trip of one word on one "    \
	  "cache line between two CPUs of the observation; the largest pair "  \
	  "of a producer's and a consumer's CPU. Empty: threads are not "      \
	  "pinned or share a CPU")                                             \
	X(line_after_ns, REAL, "ns", CHECK, NEITHER, VALUE,                    \
	  "core distance after the window")                                    \
	X(denied_ns, INTEGER, "ns", CHECK, NEITHER, VALUE,                     \
	  "time in which the observation needed its CPUs and did not get "     \
	  "them: other threads, the hypervisor or a CPU quota took them")      \
	X(lost, INTEGER, "messages", CHECK, NEITHER, VALUE,                    \
	  "messages that were pushed and never popped")                        \
	X(repeated, INTEGER, "messages", CHECK, NEITHER, VALUE,                \
	  "messages that were popped more than once")                          \
	X(reordered, INTEGER, "messages", CHECK, NEITHER, VALUE,               \
	  "messages that were popped after a later message of the same "       \
	  "producer")                                                          \
	X(left_over, INTEGER, "messages", METRIC, NEITHER, VALUE,              \
	  "messages that were still in the queues at the end of the window; "  \
	  "they are drained and counted")                                      \
	X(stop_ns, INTEGER, "ns", METRIC, LOWER, VALUE,                        \
	  "from the request to stop to the end of the last thread")

#define THREAD_COLUMNS(X)                                                      \
	COLUMNS_WHEN(X)                                                        \
	COLUMNS_CELL(X)                                                        \
	X(thread, TEXT, "", FACTOR, NEITHER, VALUE,                            \
	  "role of the thread and its number")                                 \
	X(flags, TEXT, "", CHECK, NEITHER, VALUE,                              \
	  "superseded: the round was interrupted, and --resume measured it "   \
	  "again")                                                             \
	X(cpu, INTEGER, "", IDENTITY, NEITHER, VALUE,                          \
	  "CPU that the thread is pinned to; empty: not pinned")               \
	X(line_before_ns, REAL, "ns", CHECK, NEITHER, VALUE,                   \
	  "core distance before the window, of the thread's own pair of CPUs") \
	X(line_after_ns, REAL, "ns", CHECK, NEITHER, VALUE,                    \
	  "core distance after the window, of the thread's own pair of CPUs")  \
	X(start_ns, INTEGER, "ns", METRIC, NEITHER, VALUE,                     \
	  "start of the thread's window, relative to the start of the first "  \
	  "thread")                                                            \
	X(elapsed_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "from the start to the end of the thread's window")                  \
	X(messages, INTEGER, "messages", METRIC, HIGHER, VALUE,                \
	  "messages that the thread popped; for a producer: pushed")           \
	X(busy_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                        \
	  "elapsed time minus all waiting time")                               \
	X(wait_empty_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                  \
	  "time spent waiting at an empty queue")                              \
	X(wait_full_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                   \
	  "time spent waiting at a full queue")                                \
	X(wait_empty_kernel_ns, INTEGER, "ns", METRIC, NEITHER, SUM,           \
	  "part of wait_empty_ns in calls that can put the thread to sleep")   \
	X(wait_full_kernel_ns, INTEGER, "ns", METRIC, NEITHER, SUM,            \
	  "part of wait_full_ns in calls that can put the thread to sleep")    \
	X(wait_pace_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                   \
	  "time spent until a message was due, and rest after a message, as " \
	  "--rate, --produce-every and --consume-every demand")                \
	X(wait_pace_cpu_ns, INTEGER, "ns", METRIC, NEITHER, SUM,               \
	  "part of wait_pace_ns in which the thread used a CPU")               \
	X(wait_scaled_ns, INTEGER, "ns", METRIC, NEITHER, VALUE,               \
	  "part of the waiting time that is extrapolated: only 1 of 64 "       \
	  "short waits is timed")                                              \
	X(waits, INTEGER, "", METRIC, NEITHER, VALUE,                          \
	  "number of waits")                                                   \
	X(cpu_ns, INTEGER, "ns", METRIC, LOWER, SUM,                           \
	  "CPU time used")                                                     \
	X(cpu_user_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "part of cpu_ns in user mode; an estimate")                          \
	X(cpu_sys_ns, INTEGER, "ns", METRIC, LOWER, SUM,                       \
	  "part of cpu_ns in the kernel; an estimate")                         \
	X(runqueue_ns, INTEGER, "ns", METRIC, LOWER, SUM,                      \
	  "time in which the thread was ready but not running")                \
	X(asleep_ns, INTEGER, "ns", METRIC, NEITHER, SUM,                      \
	  "elapsed time minus cpu_ns minus runqueue_ns")                       \
	X(empty_tries, INTEGER, "", METRIC, NEITHER, SUM,                      \
	  "pop attempts that found the queue empty")                           \
	X(full_tries, INTEGER, "", METRIC, NEITHER, SUM,                       \
	  "push attempts that found the queue full")                           \
	X(timeouts, INTEGER, "", METRIC, NEITHER, SUM,                         \
	  "waits that reached their deadline")                                 \
	X(vol_switches, INTEGER, "", METRIC, LOWER, SUM,                       \
	  "voluntary context switches")                                        \
	X(invol_switches, INTEGER, "", METRIC, LOWER, SUM,                     \
	  "involuntary context switches")                                      \
	X(page_faults, INTEGER, "", CHECK, NEITHER, VALUE,                     \
	  "page faults of the thread in the window")
/* Columns that are not in a file. The analysis sets these columns in memory. */
#define DERIVED_COLUMNS(X)                                                     \
	X(distance_ns, INTEGER, "ns", FACTOR, NEITHER, VALUE,                  \
	  "core distance of the observation's class, if the place has "        \
	  "several classes (distance.h)")
/* clang-format on */

#define COLUMN_ENUM(name, type, unit, role, better, scale, meaning) \
	COLUMN_##name,
/* Positions of the common columns. schema_find() finds the columns of
 * scenarios. */
enum result_column {
	RESULT_COLUMNS(COLUMN_ENUM)
	DERIVED_COLUMNS(COLUMN_ENUM) COMMON_COLUMN_COUNT
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
	bool is_derived; /* the column is not in the file */
};

struct record;

/* The columns of one file format, in order. */
struct schema {
	const char *file; /* "results.csv" or "threads.csv" */
	const struct column *columns;
	size_t count;
	/* Optional: sets a factor that has no column in the file, because the
	 * file is older than the column. */
	void (*fill_absent)(struct record *record, int column);
};

/* The columns of the scenarios are added before main(). */
extern struct schema results_schema;
extern const struct schema threads_schema;

/*
 * Adds a scenario's column to results.csv. Returns its position, or -1 if a
 * column with this name exists and is declared differently.
 */
int schema_declare(const struct column *column);

/* Position of a column of the file, or -1. */
int schema_find(const struct schema *schema, const char *name);

#endif
