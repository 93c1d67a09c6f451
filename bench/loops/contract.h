/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract between a queue and the measured loops.
 *
 * A backend is one translation unit: it includes this file, defines struct
 * queue and the functions declared here, includes workers.h, and ends with
 * EXPORT_BACKEND. An operation that is missing or mistyped does not compile.
 * Optional parts are announced by a #define before this file is included; see
 * skeleton.c for a commented example and docs/adding-a-backend.md.
 *
 * This file is C11 and C++17. A message is one 64-bit word that is not 0.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ringbench_atomics.h"

/*
 * always_inline is what keeps calls out of the loops at every optimisation
 * level. "declared but never defined" and "used but never defined" are errors
 * in this build: they are how a missing operation is found.
 */
#define QUEUE_OPERATION static RINGBENCH_INLINE

/* What a waiting operation says. */
enum queue_status {
	QUEUE_OK,
	QUEUE_TIMEOUT, /* the deadline passed, and one last try failed */
	QUEUE_CLOSED,  /* push: always once closed; pop: once empty as well */
};

/*
 * In C++ types are linked by name: two backends with a global struct queue
 * would silently share one. There, define struct queue and the functions in
 * an unnamed namespace too; outside of it the name is ambiguous, an error.
 */
#ifdef __cplusplus
namespace
{
#endif

struct queue;
struct port;

/*
 * Required. Makes a queue for at least `capacity` messages. Where the queue
 * must round up, *usable says what came. Returns 0, -EINVAL for a capacity
 * that it cannot have, -EPERM for one that the machine's limits forbid, -ENOMEM
 * or another negative errno. Not timed.
 */
static int queue_create(size_t capacity, struct queue **queue, size_t *usable);

/* Required. Frees the queue; nobody uses it any more. Not timed. */
static void queue_destroy(struct queue *queue);

/*
 * Required. Try once and come back: true when the word was passed. A try may
 * fail although there was room or a message only where the backend says so
 * with BACKEND_WEAK_EMPTY. What the producer wrote before a push must be
 * visible to the consumer after the pop (release and acquire).
 */
QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word);
QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word);

/* Required. Used by the wait policies poll and sleep, before each pop. */
QUEUE_OPERATION bool queue_is_empty(struct port *port);

/*
 * Optional, QUEUE_HAS_WAIT: the queue's own waiting push and pop, until
 * deadline_ns on CLOCK_MONOTONIC (RINGBENCH_NEVER: for ever). They are called
 * after a failed try. Without them the loops sleep on the eventcount of src/.
 */
#ifdef QUEUE_HAS_WAIT
QUEUE_OPERATION enum queue_status
queue_push_until(struct port *port, uint64_t word, int64_t deadline_ns);
QUEUE_OPERATION enum queue_status
queue_pop_until(struct port *port, uint64_t *word, int64_t deadline_ns);
#endif

/*
 * Optional, QUEUE_HAS_CLOSE, with QUEUE_HAS_WAIT: makes every waiting push
 * and pop return, now and from now on. Without it they are called in slices
 * of 10 ms, so that a thread notices the end of the run.
 */
#ifdef QUEUE_HAS_CLOSE
static void queue_close(struct queue *queue);
#endif

/*
 * Optional, QUEUE_HAS_BULK: pass the first of `count` words (at least 1) in one
 * operation, as so many single tries up to the first that fails would, and say
 * how many passed. All or nothing is allowed where BACKEND_WEAK_EMPTY says so.
 * Without it, batches are single tries.
 */
#ifdef QUEUE_HAS_BULK
QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count);
QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count);
#endif

/*
 * A port is one thread's end of one queue; the operations get it instead of
 * the queue. State that only this thread uses (tokens, handles, cached ends)
 * belongs into it: it is a local of the loop, so its fields live in registers.
 *
 * Optional, QUEUE_HAS_PORT: define struct port and these two functions. The
 * default port is just the queue.
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
