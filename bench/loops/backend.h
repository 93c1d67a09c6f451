/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface between the harness and the measured loops: how a backend is
 * described, what a loop receives, and what it returns. C11 and C++17.
 */
#ifndef BACKEND_H
#define BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adaptive.h"
#include "eventcount.h"
#include "wait_policies.h"
#include "waitclock.h"

/* Properties of a backend. */
enum backend_flag {
	BACKEND_MULTI_PRODUCER = 1 << 0, /* any number of threads may push */
	BACKEND_MULTI_CONSUMER = 1 << 1, /* any number of threads may pop */
	/*
	 * A try may fail although a message or a free slot exists. See
	 * docs/adding-a-backend.md.
	 */
	BACKEND_WEAK_EMPTY = 1 << 2,
	/* The operations are calls into a library and are not inlined. */
	BACKEND_CALLS = 1 << 3,
	/*
	 * Measures the harness cost or a bound. It is not a queue, so its
	 * messages are never verified.
	 */
	BACKEND_NOT_A_QUEUE = 1 << 4,
	/*
	 * Stores no message. A pop generates the word that the consumer
	 * expects.
	 */
	BACKEND_KEEPS_NOTHING = 1 << 5,
	/*
	 * Carries one aligned pointer at a time. Only pingpong and wakeup can
	 * use it.
	 */
	BACKEND_ONE_POINTER = 1 << 6,
	/* workers.h sets it: the queue has its own waiting push and pop. */
	BACKEND_NATIVE_WAIT = 1 << 7,
	/* A stack: pop returns the newest message. */
	BACKEND_LIFO = 1 << 8,
	/* Has no capacity limit. queue_create() gets a capacity of 0. */
	BACKEND_UNBOUNDED = 1 << 9,
	/* workers.h sets it: one operation can push or pop several words. */
	BACKEND_NATIVE_BULK = 1 << 10,
	/*
	 * The consumer sees messages only in full blocks. Only stream can use
	 * it.
	 */
	BACKEND_IN_BLOCKS = 1 << 11,
	/* Its own waiting push and pop ignore their deadline. */
	BACKEND_NO_DEADLINE = 1 << 12,
	/*
	 * workers.h sets it: a thread that waits has claimed a place and cannot
	 * give it up. Only `spin` can wait, and only sentinels end the loops.
	 */
	BACKEND_CLAIMS = 1 << 13,
	/* Only the messages of the same producer are in order. */
	BACKEND_PRODUCER_ORDER = 1 << 14,
	/* With several threads on a side, messages have no order at all. */
	BACKEND_MANY_UNORDERED = 1 << 15,
};

/* The order in which messages leave a queue; a later value promises more. */
enum queue_order {
	ORDER_ANY,
	ORDER_PER_PRODUCER, /* messages of one producer keep their order */
	ORDER_FIFO,	    /* all messages keep their order */
};

/* The order that a backend promises; `many`: several threads on a side. */
static inline enum queue_order backend_order(unsigned flags, bool many)
{
	if (flags & BACKEND_LIFO || (many && flags & BACKEND_MANY_UNORDERED))
		return ORDER_ANY;
	return many && flags & BACKEND_PRODUCER_ORDER ? ORDER_PER_PRODUCER
						      : ORDER_FIFO;
}

/*
 * The progress of the other threads while some threads are suspended. The
 * strict definition holds: an operation is blocking if suspended threads, up to
 * as many as the capacity, can stop the other threads for ever.
 */
enum progress_class {
	PROGRESS_BLOCKING,  /* suspended threads can stop the others for ever */
	PROGRESS_LOCK_FREE, /* some thread always completes its operation */
	/* every thread completes in a bounded number of steps */
	PROGRESS_WAIT_FREE,
};

/*
 * A queue in use, with the eventcounts on which loops sleep if the queue has no
 * native wait.
 */
struct channel {
	void *queue; /* the backend's struct queue */
	size_t capacity_usable;
	struct eventcount not_empty;
	struct eventcount not_full;
	size_t value_bytes; /* size of messages by value; 0: words */
	uint32_t closed RINGBENCH_ALIGNED;
};

enum {
	PRODUCERS_MAX = 64,
};

/* The order check of one consumer. */
struct order {
	uint64_t gap;	     /* missing messages before the newest one */
	uint64_t late;	     /* messages that arrived after a newer message */
	uint64_t duplicates; /* messages equal to the previous message */
	uint64_t foreign;    /* words that no producer sent, or wrong content */
	/*
	 * The largest gap that is no error: 0 if there is one consumer;
	 * UINT64_MAX if the queue promises no order.
	 */
	uint64_t slack;
	uint64_t senders;	      /* number of producers */
	uint64_t last[PRODUCERS_MAX]; /* newest word of each producer */
	/* The first word out of order, and the newest word of its producer
	 * before it. 0: none. */
	uint64_t wrong;
	uint64_t before_wrong;
};

/*
 * The last message of each consumer if the cell ends by sentinels. No other
 * message has this value: the words of stream have a producer number in their
 * upper bits, and all other words are addresses.
 */
#define WORD_SENTINEL UINT64_MAX

/*
 * The input and the counters of one thread. Only that thread writes them while
 * the loops run. A worker shares no cache line with other data.
 */
struct worker {
	/* input */
	struct channel *in;  /* pops from this channel */
	struct channel *out; /* pushes to this channel */
	/* nonzero: the loop ends soon, also inside a wait */
	const uint32_t *stop;
	int64_t wait_ns; /* D of sleep:D, timeout:D, park:D, adaptive:D */
	uint64_t first;	 /* stream: first word; pingpong: the message */
	/* number of messages; UINT64_MAX: until the stop flag is set */
	uint64_t limit;
	/*
	 * More than two threads for each CPU. Each operation may then cost one
	 * time slice of the scheduler.
	 */
	bool crowded;
	bool one_cpu; /* all threads share one CPU */
	/*
	 * Functions for the loops relay_source and relay_stage.
	 * work() makes the next word of a source, or handles the word that a
	 * stage popped. If it returns false, the source ends, and the stage
	 * does not push the word. after(), which may be NULL, runs after each
	 * push of a source.
	 * Both are function calls, so these loops are for scenarios that spend
	 * microseconds on a message.
	 */
	bool (*work)(struct worker *me, uint64_t *word);
	void (*after)(struct worker *me, uint64_t word);
	void *state;	  /* the scenario's state of this thread */
	bool until_empty; /* a stage ends when its queue is empty */
	/*
	 * pingpong: when this flag is set, the thread pushes a sentinel and
	 * ends. NULL: the thread ends by the stop flag.
	 */
	const uint32_t *sentinel_flag;
	/* number of messages, for the watchdog; up to one stride too low */
	uint64_t done;
	/* output */
	/* a producer: pushed messages; other threads: popped messages */
	uint64_t messages;
	uint64_t sum;	  /* sum of the popped words, modulo 2^64 */
	uint64_t squares; /* for stacks: sum of the squares, modulo 2^64 */
	uint64_t mixed;	  /* for several consumers: sum of stream_mix(word) */
	bool ended;	  /* the thread popped a sentinel */
	/* 1: the last word could not be pushed before the end */
	uint64_t held;
	uint64_t timeouts;
	/* time spent until a message was due, and after each message: not work,
	 * and not the queue's fault */
	int64_t pace_ns;
	int64_t pace_cpu_ns;	/* part of pace_ns on a CPU */
	struct waitclock empty; /* time spent waiting for a message */
	struct waitclock full;	/* time spent waiting for a free slot */
	/* adaptive:D: the recent waits, by enum direction */
	struct adaptive gaps[2];
	struct order order;
} RINGBENCH_ALIGNED;

typedef void loop_function(struct worker *me);

/* A loop of a scenario. Each backend contains one copy for each wait policy. */
struct loop {
	const char *name; /* NULL: end of the list */
	loop_function *by_wait[WAIT_KINDS];
};

/* A loop for messages of one size by value, with one wait policy. */
struct value_loop {
	const char *name; /* NULL: end of the list */
	loop_function *function;
};

enum {
	WORKER_STRIDE = 64,
};

/*
 * Number of messages between two reads of the stop flag. With many threads on a
 * CPU, the loop reads the flag for every message: 64 messages through a lock
 * can take 64 time slices of all threads, which is many seconds.
 */
static RINGBENCH_INLINE uint64_t worker_stride(const struct worker *me)
{
	return me->crowded ? 1 : WORKER_STRIDE;
}

/*
 * Called after each stride: publishes the thread's progress. Returns false if
 * the loop has to end.
 */
static RINGBENCH_INLINE bool worker_goes_on(struct worker *me, uint64_t done)
{
	ringbench_store_relaxed(&me->done, done);
	return !ringbench_load_relaxed(me->stop);
}

/*
 * One queue implementation. Its functions are called once in each phase and are
 * not timed.
 */
struct backend {
	const char *id;
	const char *summary; /* one line */
	unsigned flags;	     /* of enum backend_flag */
	enum progress_class push_progress;
	enum progress_class pop_progress;
	/*
	 * Returns 0 or -errno. Sets channel->queue and
	 * channel->capacity_usable.
	 */
	int (*create)(struct channel *channel, size_t capacity);
	void (*destroy)(struct channel *channel);
	/*
	 * Wakes all threads that wait on the channel. Later waits return at
	 * once.
	 */
	void (*close)(struct channel *channel);
	/*
	 * Pushes one word and wakes one waiting consumer. No other thread may
	 * push at the same time. False: the queue is full.
	 */
	bool (*feed)(struct channel *channel, uint64_t word);
	/*
	 * Pops all words that are left and calls each() for each of them. Only
	 * one thread may use the channel.
	 */
	void (*drain)(struct channel *channel,
		      void (*each)(void *arg, uint64_t word), void *arg);
	const struct loop *loops;
	/*
	 * Like create, for messages of `bytes` bytes by value. Then drain
	 * passes the address of each message to each(). NULL: the queue
	 * carries only words.
	 */
	int (*create_value)(struct channel *channel, size_t capacity,
			    size_t bytes);
	const struct value_loop *value_loops; /* NULL: none */
	/*
	 * For queues that processes share, of messages by value; NULL: cannot
	 * be shared. shared_bytes() is the memory that such a queue needs, 0
	 * for a capacity that it cannot have. create_shared() makes the queue
	 * in zeroed shared memory of this size; nobody destroys it.
	 */
	size_t (*shared_bytes)(size_t capacity, size_t bytes);
	int (*create_shared)(struct channel *channel, void *memory,
			     size_t capacity, size_t bytes);
};

#endif
