/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract between a queue and the measured loops.
 *
 * A backend is one translation unit with these parts, in this order:
 * 1. It includes this file.
 * 2. It defines struct queue and the functions declared here.
 * 3. It includes workers.h.
 * 4. It ends with EXPORT_BACKEND.
 *
 * A backend with a missing or mistyped operation does not compile. Optional
 * parts are announced by a #define before this file is included. skeleton.c is
 * a commented example; docs/adding-a-backend.md is the manual.
 *
 * This file is C11 and C++17. A message is one 64-bit word that is never 0.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ringbench_atomics.h"
#include "waitclock.h"

/*
 * always_inline keeps calls out of the loops at every optimisation level. This
 * build treats the warnings "declared but never defined" and "used but never
 * defined" as errors, so a missing operation stops the build.
 */
#define QUEUE_OPERATION static RINGBENCH_INLINE

/* The result of a waiting operation. */
enum queue_status {
	QUEUE_OK,
	QUEUE_TIMEOUT, /* the deadline passed and a last try failed */
	QUEUE_CLOSED,  /* push: the queue is closed; pop: closed and empty */
};

/*
 * C++ links types by name: two backends with a global struct queue would share
 * one constructor without any warning. In C++, define struct queue and the
 * functions in an unnamed namespace. Outside of it, the name `queue` is
 * ambiguous and does not compile.
 */
#ifdef __cplusplus
namespace
{
#endif

struct queue;
struct port;

/*
 * Required. Creates a queue for at least `capacity` messages and sets *usable
 * to the real capacity. Returns 0; -EINVAL for a capacity that the queue cannot
 * have; -ENOBUFS for a capacity that the limits of the machine forbid; -ENOMEM
 * or another negative errno. Not timed.
 */
static int queue_create(size_t capacity, struct queue **queue, size_t *usable);

/*
 * Required. Frees the queue after all threads have stopped using it. Not timed.
 */
static void queue_destroy(struct queue *queue);

/*
 * Required. Try once, without waiting. True: the word was pushed or popped.
 * Only with BACKEND_WEAK_EMPTY may a try fail although a free slot or a message
 * exists. All writes of the producer before the push must be visible to the
 * consumer after the pop: push releases, pop acquires.
 */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word);
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word);

/* Required. The wait policies poll and sleep call it before each pop. */
QUEUE_OPERATION bool queue_is_empty(struct port *port);

/*
 * Optional, QUEUE_HAS_WAIT: the queue's own waiting push and pop. They wait
 * until deadline_ns on CLOCK_MONOTONIC; RINGBENCH_NEVER means no deadline.
 * Without them, the loops sleep on the eventcount of src/.
 *
 * If the queue also has QUEUE_HAS_CLOSE, the policy block calls them at once,
 * as programs do, and they call waitclock_sleeps(clock) before they sleep, so
 * that the wait is measured from there. Otherwise the loops call them after a
 * failed try.
 *
 * Optional, QUEUE_SLEEPS_UNSEEN: without a deadline they are one blocking
 * system call, which cannot call waitclock_sleeps(). The loops then call them
 * at once only in threads that sleep nowhere else.
 */
#ifdef QUEUE_HAS_WAIT
QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock);
QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock);
#endif

/*
 * Optional, QUEUE_HAS_CLOSE, needs QUEUE_HAS_WAIT: ends all waiting pushes and
 * pops, the present ones and later ones. Without queue_close(), the loops call
 * the waiting operations for 10 ms at a time, so that a thread notices the end
 * of the run.
 */
#ifdef QUEUE_HAS_CLOSE
static void queue_close(struct queue *queue);
#endif

/*
 * Optional, QUEUE_HAS_CLAIM: push and pop that claim a place first and then
 * wait at this place, without a deadline. A claim cannot be given up, so only
 * the wait policy spin can use such a queue, and only sentinels can end the
 * loops: each claimed pop gets a message. A full or empty queue makes these
 * operations slower; they do not report how long they waited.
 */
#ifdef QUEUE_HAS_CLAIM
QUEUE_OPERATION void queue_push(struct port *port, uint64_t word);
QUEUE_OPERATION void queue_pop(struct port *port, uint64_t *word);
#endif

/*
 * Optional, QUEUE_HAS_BULK: push or pop up to `count` words (at least 1) in one
 * operation and return the number of words. The effect is that of single tries
 * until the first one fails. With BACKEND_WEAK_EMPTY, an operation may also
 * transfer either all words or none. Without QUEUE_HAS_BULK, a batch is a
 * series of single tries.
 */
#ifdef QUEUE_HAS_BULK
QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count);
QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count);
#endif

/*
 * Optional, QUEUE_HAS_VALUE: a second queue, whose messages are `bytes` long
 * and carried by value: 8, 32, 64 or 256. In the loops `bytes` is a constant.
 *
 * A producer asks for the place of the next message, writes the message there,
 * and pushes it. A consumer asks for the oldest message, reads it, and pops it.
 * A queue without messages in place keeps a message in the port: value_place()
 * then never fails and value_push() copies; value_front() pops a copy and
 * value_pop() does nothing. value_place() and value_front() return NULL, and
 * value_push() false, if the queue is full or empty.
 */
#ifdef QUEUE_HAS_VALUE
struct value_queue;
struct value_port;
static int value_create(size_t capacity, size_t bytes,
			struct value_queue **queue, size_t *usable);
static void value_destroy(struct value_queue *queue);
QUEUE_OPERATION void value_port_open(struct value_port *port,
				     struct value_queue *queue, size_t bytes);
QUEUE_OPERATION void *value_place(struct value_port *port, size_t bytes);
QUEUE_OPERATION bool value_push(struct value_port *port, size_t bytes);
QUEUE_OPERATION const void *value_front(struct value_port *port, size_t bytes);
QUEUE_OPERATION void value_pop(struct value_port *port, size_t bytes);
#endif

/*
 * Optional, QUEUE_HAS_SHARED, needs QUEUE_HAS_VALUE: the queue of values also
 * works between processes. value_bytes() is the size of the memory that such a
 * queue needs, 0 for a capacity that it cannot have. value_init() makes a queue
 * in zeroed memory of this size, which starts at a cache line and which all
 * processes have at the same address. The memory is released without
 * value_destroy().
 */
#ifdef QUEUE_HAS_SHARED
static size_t value_bytes(size_t capacity, size_t bytes);
static int value_init(struct value_queue *queue, size_t capacity, size_t bytes);
#endif

/*
 * A port connects one thread with one queue. The operations get the port
 * instead of the queue. State that only this thread uses (tokens, handles,
 * cached indices) belongs into the port: the port is a local variable of the
 * loop, so its members can live in registers.
 *
 * Optional, QUEUE_HAS_PORT: define struct port and these two functions. The
 * default port holds only the queue.
 */
#ifdef QUEUE_HAS_PORT
QUEUE_OPERATION void port_open(struct port *port, struct queue *queue);
QUEUE_OPERATION void port_close(struct port *port);
#else
struct port {
	struct queue *queue;
};

QUEUE_OPERATION void port_open(struct port *port, struct queue *queue)
{
	port->queue = queue;
}

QUEUE_OPERATION void port_close(struct port *port)
{
	(void)port;
}
#endif

#ifdef __cplusplus
}
#endif

#endif
