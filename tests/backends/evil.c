/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The faulty queues of evil_kinds.h, for the tests of the checks. All kinds
 * share one queue and one set of loops; each kind is an exported backend. The
 * environment variables EVIL_EVERY and EVIL_FROM set how often the fault
 * happens, and after how many operations.
 */
#include "evil.h"
#include "evil_faults.h"

/* Not inlined, because a copy in the loop of each wait policy would make the
 * program large. */
static __attribute__((noinline)) bool push(struct queue *q, uint64_t word)
{
	bool pushed;

	note_thread(&q->first_pusher, &q->pushers);
	if (q->fifo.count < q->fifo.capacity && due(q, AT_PUSH))
		pushed = evil_push(q, word);
	else
		pushed = fifo_push(&q->fifo, word);
	q->newest = pushed ? word : q->newest;
	return pushed;
}

static __attribute__((noinline)) bool pop(struct queue *q, uint64_t *word)
{
	bool popped;

	note_thread(&q->first_popper, &q->poppers);
	/* A pop of an empty queue is not counted, because the fault needs a
	 * message. */
	if ((q->fifo.count || q->kept) && due(q, AT_POP))
		popped = evil_pop(q, word);
	else
		popped = next(q, word);
	q->previous = popped ? *word : q->previous;
	return popped;
}

/* Wakes a waiting thread, unless the fault is to wake no thread. */
static void wake(struct queue *q, pthread_cond_t *condition)
{
	bool evil = q->kind == (condition == &q->not_empty
					? EVIL_lost_wake_pop
					: EVIL_lost_wake_push);

	if (evil && due(q, AT_SIGNAL))
		fire(q->kind);
	else
		pthread_cond_broadcast(condition);
}

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct queue *q = ringbench_alloc_lines(sizeof(*q));
	int error = q ? fifo_init(&q->fifo, capacity) : -ENOMEM;

	if (error) {
		free(q);
		return error;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	pthread_cond_init(&q->not_full, NULL);
	q->every = setting("EVIL_EVERY");
	q->from = setting("EVIL_FROM");
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	fifo_free(&q->fifo);
	free(q);
}

static void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->not_empty);
	pthread_cond_broadcast(&q->not_full);
	pthread_mutex_unlock(&q->lock);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	struct queue *q = port->queue;
	bool pushed;

	pthread_mutex_lock(&q->lock);
	pushed = push(q, word);
	if (pushed)
		wake(q, &q->not_empty);
	pthread_mutex_unlock(&q->lock);
	return pushed;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	struct queue *q = port->queue;
	bool popped;

	pthread_mutex_lock(&q->lock);
	popped = pop(q, word);
	if (popped)
		wake(q, &q->not_full);
	pthread_mutex_unlock(&q->lock);
	return popped;
}

QUEUE_OPERATION size_t queue_try_push_bulk(struct port *port,
					   const uint64_t *words, size_t count)
{
	struct queue *q = port->queue;
	size_t done = 0;

	pthread_mutex_lock(&q->lock);
	while (done < count && push(q, words[done]))
		done++;
	if (done)
		wake(q, &q->not_empty);
	if (due(q, AT_PUSH_BULK))
		done = evil_count(q, done, count);
	pthread_mutex_unlock(&q->lock);
	return done;
}

QUEUE_OPERATION size_t queue_try_pop_bulk(struct port *port, uint64_t *words,
					  size_t count)
{
	struct queue *q = port->queue;
	size_t done = 0;

	pthread_mutex_lock(&q->lock);
	while (done < count && pop(q, &words[done]))
		done++;
	if (done)
		wake(q, &q->not_full);
	if (due(q, AT_POP_BULK))
		done = evil_count(q, done, count);
	pthread_mutex_unlock(&q->lock);
	return done;
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	struct queue *q = port->queue;
	bool empty;

	pthread_mutex_lock(&q->lock);
	empty = q->fifo.count == 0 && q->kept == 0;
	if (due(q, AT_EMPTY) && !q->closed &&
	    empty != (q->kind == EVIL_says_empty)) {
		fire(q->kind);
		empty = !empty;
	}
	pthread_mutex_unlock(&q->lock);
	return empty;
}

/* Sleeps until the condition is signalled. Returns false at the deadline. */
static bool sleep_on(struct queue *q, pthread_cond_t *condition,
		     int64_t deadline_ns, struct waitclock *clock)
{
	struct timespec until = ringbench_timespec(deadline_ns);

	waitclock_sleeps(clock);
	if (deadline_ns == RINGBENCH_NEVER) {
		pthread_cond_wait(condition, &q->lock);
		return true;
	}
	return pthread_cond_clockwait(condition, &q->lock, CLOCK_MONOTONIC,
				      &until) == 0;
}

/* Returns QUEUE_OK if the operation may wait. */
static enum queue_status evil_wait(struct queue *q)
{
	if (!due(q, AT_WAIT) || q->closed)
		return QUEUE_OK;
	fire(q->kind);
	return q->kind == EVIL_closes_early ? QUEUE_CLOSED : QUEUE_TIMEOUT;
}

QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *clock)
{
	struct queue *q = port->queue;
	enum queue_status status;

	pthread_mutex_lock(&q->lock);
	status = evil_wait(q);
	if (status == QUEUE_TIMEOUT && q->kind == EVIL_wait_lies)
		status = QUEUE_OK;
	else if (status == QUEUE_OK)
		for (;;) {
			status = q->closed	 ? QUEUE_CLOSED
				 : push(q, word) ? QUEUE_OK
						 : QUEUE_TIMEOUT;
			if (status != QUEUE_TIMEOUT ||
			    !sleep_on(q, &q->not_full, deadline_ns, clock))
				break;
		}
	if (status == QUEUE_OK)
		wake(q, &q->not_empty);
	pthread_mutex_unlock(&q->lock);
	return status;
}

QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *clock)
{
	struct queue *q = port->queue;
	enum queue_status status = QUEUE_OK;

	pthread_mutex_lock(&q->lock);
	if (q->kind != EVIL_wait_lies)
		status = evil_wait(q);
	while (status == QUEUE_OK) {
		status = pop(q, word) ? QUEUE_OK
			 : q->closed  ? QUEUE_CLOSED
				      : QUEUE_TIMEOUT;
		if (status != QUEUE_TIMEOUT ||
		    !sleep_on(q, &q->not_empty, deadline_ns, clock))
			break;
		status = QUEUE_OK;
	}
	if (status == QUEUE_OK)
		wake(q, &q->not_full);
	pthread_mutex_unlock(&q->lock);
	return status;
}

#include "workers.h"

static int evil_create(struct channel *channel, size_t capacity, enum kind kind,
		       bool stack)
{
	size_t real = capacity;
	struct queue *q;
	int error;

	open_counters();
	error = kinds[kind].at == AT_CREATE ? create_fault(kind, &real) : 0;
	if (!error)
		error = channel_create(channel, real);
	if (error)
		return error;
	q = channel->queue;
	q->kind = kind;
	q->stack = stack;
	channel->capacity_usable = claimed_capacity(kind, capacity);
	if (kind == EVIL_no_queue)
		channel->queue = NULL;
	return 0;
}

static void evil_destroy(struct channel *channel)
{
	struct queue *q = channel->queue;

	if (due(q, AT_DESTROY))
		end_fault(q);
	channel_destroy(channel);
}

static void evil_close(struct channel *channel)
{
	struct queue *q = channel->queue;

	if (due(q, AT_CLOSE)) {
		end_fault(q);
		return; /* the fault: wakes no thread */
	}
	channel_close(channel);
}

static void evil_drain(struct channel *channel,
		       void (*each)(void *arg, uint64_t word), void *arg)
{
	struct queue *q = channel->queue;
	uint64_t word;

	if (due(q, AT_DRAIN)) {
		end_fault(q);
		if (q->kind == EVIL_drain_drops && q->fifo.count) {
			fire(q->kind);
			while (fifo_pop(&q->fifo, &word))
				;
		}
		if (q->kind == EVIL_drain_invents) {
			fire(q->kind);
			each(arg, 12345);
		}
		while (q->kind == EVIL_drain_endless) {
			fire(q->kind);
			each(arg, q->newest);
		}
	}
	channel_drain(channel, each, arg);
}

#define STACK(name) (__builtin_strncmp(#name, "stack_", 6) == 0)
#define EVIL(name, at, when, text)                                         \
	static int create_##name(struct channel *channel, size_t capacity) \
	{                                                                  \
		return evil_create(channel, capacity, EVIL_##name,         \
				   STACK(name));                           \
	}                                                                  \
	extern const struct backend backend_##name;                        \
	const struct backend backend_##name = {                            \
		.id = #name,                                               \
		.summary = "evil: " text,                                  \
		.flags = BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER | \
			 BACKEND_NATIVE_WAIT | BACKEND_NATIVE_BULK |       \
			 (STACK(name) ? BACKEND_LIFO : 0),                 \
		.push_progress = PROGRESS_BLOCKING,                        \
		.pop_progress = PROGRESS_BLOCKING,                         \
		.create = create_##name,                                   \
		.destroy = evil_destroy,                                   \
		.close = evil_close,                                       \
		.feed = channel_feed,                                      \
		.drain = evil_drain,                                       \
		.loops = worker_loops,                                     \
	};
#include "evil_kinds.h"
