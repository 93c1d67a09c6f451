/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the harness and the measured loops share: how a backend is described,
 * what a loop is given, and what it hands back. C11 and C++17.
 */
#ifndef BACKEND_H
#define BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "eventcount.h"
#include "wait_policies.h"
#include "waitclock.h"

/* What a backend promises, and what it is. */
enum backend_flag {
	BACKEND_MULTI_PRODUCER = 1 << 0, /* any number of threads may push */
	BACKEND_MULTI_CONSUMER = 1 << 1, /* any number of threads may pop */
	/* A try may fail though a message or room is there; see traps. */
	BACKEND_WEAK_EMPTY = 1 << 2,
	/* Operations are calls into a library, not inlined. */
	BACKEND_CALLS = 1 << 3,
	/* A floor under the figures, not a queue: never verified. */
	BACKEND_NOT_A_QUEUE = 1 << 4,
	/* Keeps no message: the consumer's pop makes up what it expects. */
	BACKEND_KEEPS_NOTHING = 1 << 5,
	/* Carries one aligned pointer at a time, so it fits pingpong only. */
	BACKEND_ONE_POINTER = 1 << 6,
	/* Set by workers.h: has waiting operations of its own. */
	BACKEND_NATIVE_WAIT = 1 << 7,
	/* A stack: hands out the newest message first. */
	BACKEND_LIFO = 1 << 8,
	/* Holds any number of messages; queue_create() gets a capacity of 0. */
	BACKEND_UNBOUNDED = 1 << 9,
	/* Set by workers.h: passes several words in one operation. */
	BACKEND_NATIVE_BULK = 1 << 10,
	/* Passes messages on by the block, so it fits nothing but stream. */
	BACKEND_IN_BLOCKS = 1 << 11,
	/* Its own waiting operations cannot end at a deadline. */
	BACKEND_NO_DEADLINE = 1 << 12,
};

/*
 * What suspended threads can do to the other threads, strictly: blocking, if
 * any number of them, up to the capacity, can stop the others for ever.
 */
enum progress_class {
	PROGRESS_BLOCKING,  /* suspended threads can stop the others for ever */
	PROGRESS_LOCK_FREE, /* some thread always completes its operation */
	PROGRESS_WAIT_FREE, /* every thread completes, in bounded steps */
};

/* A queue in use, and what loops need when it cannot wait by itself. */
struct channel {
	void *queue; /* the backend's struct queue */
	size_t capacity_usable;
	struct eventcount not_empty;
	struct eventcount not_full;
	uint32_t closed RINGBENCH_ALIGNED;
};

enum {
	PRODUCERS_MAX = 64,
};

/* The order check of one consumer. */
struct order {
	uint64_t gap;	     /* messages skipped so far */
	uint64_t late;	     /* messages behind one that was sent later */
	uint64_t duplicates; /* the same message twice in a row */
	uint64_t foreign;    /* words that nobody sent, numbers that are off */
	/* Gaps that are no fault: 0 for the only consumer; UINT64_MAX: there is
	 * no order, and everything is in order. */
	uint64_t slack;
	uint64_t senders;	      /* number of producers */
	uint64_t last[PRODUCERS_MAX]; /* newest word by producer */
};

/*
 * The last message that a consumer gets, where the end is told in this way.
 * No message is like it: stream's have a producer in their upper bits,
 * all others are addresses.
 */
#define WORD_SENTINEL UINT64_MAX

/*
 * One thread's part of an observation. Only its thread writes it while loops
 * run, and it shares no line with anything else.
 */
struct worker {
	/* given */
	struct channel *in;   /* takes from */
	struct channel *out;  /* puts on */
	const uint32_t *stop; /* nonzero: end soon, waits included */
	int64_t wait_ns;      /* D of sleep:D, timeout:D, park:D */
	uint64_t first;	      /* stream: first word; pingpong: the message */
	uint64_t limit;	      /* do so many, then end; UINT64_MAX: until stop */
	/* Many threads a CPU: each operation may cost a scheduler's turn. */
	bool crowded;
	/*
	 * Of relay_source and relay_stage. work() makes a source's next word,
	 * or handles the word that a stage took; where it says false the source
	 * ends, the stage passes nothing on. after() follows a source's put;
	 * NULL: nothing does. These are calls, so that a loop with them is for
	 * messages that cost microseconds.
	 */
	bool (*work)(struct worker *me, uint64_t *word);
	void (*after)(struct worker *me, uint64_t word);
	void *state;	  /* the scenario's, for this thread */
	bool until_empty; /* a stage ends when it sees an empty queue */
	/* pingpong: the flag on which it ends the other one with a sentinel,
	 * and then itself; NULL: stop does it. */
	const uint32_t *sentinel_flag;
	uint64_t done; /* messages so far, for the watchdog; a stride behind */
	/* handed back */
	uint64_t messages; /* producer: sent; all others: taken */
	uint64_t sum;	   /* of the words taken, modulo 2^64 */
	uint64_t squares;  /* where there is no order: the sum of squares */
	uint64_t mixed;	   /* of many: the sum of mixed words */
	bool ended;	   /* by a sentinel */
	uint64_t held;	   /* taken, and could not be put before the end */
	uint64_t timeouts;
	struct waitclock empty; /* waiting for a message */
	struct waitclock full;	/* waiting for room */
	struct order order;
} RINGBENCH_ALIGNED;

typedef void loop_function(struct worker *me);

/* A loop of a scenario, compiled into a backend once for every wait policy. */
struct loop {
	const char *name; /* NULL: the end of the list */
	loop_function *by_wait[WAIT_KINDS];
};

enum {
	WORKER_STRIDE = 64,
};

/*
 * How many messages a loop passes before it looks at the stop flag again. On a
 * crowded CPU it looks each time: there, 64 messages through a lock can be 64
 * turns of all threads, which is many seconds.
 */
static RINGBENCH_INLINE uint64_t worker_stride(const struct worker *me)
{
	return me->crowded ? 1 : WORKER_STRIDE;
}

/* Between two strides: tells how far the thread is. False: it has to end. */
static RINGBENCH_INLINE bool worker_goes_on(struct worker *me, uint64_t done)
{
	ringbench_store_relaxed(&me->done, done);
	return !ringbench_load_relaxed(me->stop);
}

/* One queue implementation. Functions are called once a run, not timed. */
struct backend {
	const char *id;
	const char *summary; /* one line */
	unsigned flags;	     /* of enum backend_flag */
	enum progress_class push_progress;
	enum progress_class pop_progress;
	/* 0 or -errno; fills in channel->queue and ->capacity_usable. */
	int (*create)(struct channel *channel, size_t capacity);
	void (*destroy)(struct channel *channel);
	/* Wakes everybody who waits on the channel, for good. */
	void (*close)(struct channel *channel);
	/* While no other thread puts; wakes one that waits to take. */
	bool (*feed)(struct channel *channel, uint64_t word);
	/* Single-threaded, after the loops. */
	void (*drain)(struct channel *channel,
		      void (*each)(void *arg, uint64_t word), void *arg);
	const struct loop *loops;
};

#endif
