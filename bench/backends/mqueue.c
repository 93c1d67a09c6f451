/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A POSIX message queue of the kernel (mq_overview(7)); all messages have one
 * priority. Each push and each pop is a system call under a spinlock of the
 * queue. A virtual CPU that is suspended while it holds the spinlock stops all
 * other threads: blocking. "Empty" and "full" are exact. If a consumer waits, a
 * push gives it the message directly.
 *
 * The capacity can be any number up to 65,536. RLIMIT_MSGQUEUE limits the
 * memory of all queues of a user. Without privileges fs.mqueue.msg_max, usually
 * 10, limits the messages of a queue.
 *
 * Whether an operation waits depends on how the queue was opened, so the queue
 * is opened twice. A wait is one blocking call, which a signal ends
 * (interrupted.h). With a deadline, the call uses the wall clock.
 */
#define QUEUE_HAS_WAIT
#define QUEUE_HAS_CLOSE
#define QUEUE_SLEEPS_UNSEEN
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <unistd.h>

#include "interrupted.h"
#include "ringbench_memory.h"

enum {
	CAPACITY_MAX = 65536 /* the kernel's HARD_MSGMAX */
};

struct queue {
	mqd_t tries;
	mqd_t waits;
	struct callers callers;
};

static int queue_create(size_t capacity, struct queue **queue, size_t *usable)
{
	struct mq_attr attributes = { .mq_maxmsg = (long)capacity,
				      .mq_msgsize = sizeof(uint64_t) };
	struct queue *q;
	char name[64];
	int error;

	if (capacity == 0 || capacity > CAPACITY_MAX)
		return -EINVAL;
	q = ringbench_alloc_lines(sizeof(*q));
	if (!q)
		return -ENOMEM;
	/*
	 * No other process uses this name: it is removed before this function
	 * returns.
	 */
	snprintf(name, sizeof(name), "/ringbench.%d.%p", (int)getpid(),
		 (void *)q);
	q->tries = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600,
			   &attributes);
	error = q->tries < 0 ? errno : 0;
	q->waits = error ? -1 : mq_open(name, O_RDWR);
	if (!error && q->waits < 0) {
		error = errno;
		mq_close(q->tries);
	}
	if (q->tries >= 0)
		mq_unlink(name);
	if (error) {
		free(q);
		return error == EINVAL || error == EMFILE ? -ENOBUFS : -error;
	}
	interrupts_init(&q->callers);
	*usable = capacity;
	*queue = q;
	return 0;
}

static void queue_destroy(struct queue *q)
{
	mq_close(q->waits);
	mq_close(q->tries);
	free(q);
}

QUEUE_OPERATION bool queue_try_push(struct port *port, uint64_t word)
{
	return mq_send(port->queue->tries, (char *)&word, sizeof(word), 0) == 0;
}

QUEUE_OPERATION bool queue_try_pop(struct port *port, uint64_t *word)
{
	return mq_receive(port->queue->tries, (char *)word, sizeof(*word),
			  NULL) == sizeof(*word);
}

QUEUE_OPERATION bool queue_is_empty(struct port *port)
{
	struct mq_attr attributes = { 0 };

	mq_getattr(port->queue->tries, &attributes);
	return attributes.mq_curmsgs == 0;
}

/*
 * Converts a deadline to the wall clock. If somebody sets that clock meanwhile,
 * the wait is too short and is repeated, or it is one slice too long.
 */
static inline struct timespec time_of_day(int64_t deadline_ns)
{
	return ringbench_timespec(ringbench_clock_ns(CLOCK_REALTIME) +
				  (deadline_ns - ringbench_now_ns()));
}

static RINGBENCH_INLINE bool push_call(struct queue *q, const uint64_t *word)
{
	return mq_send(q->waits, (char *)word, sizeof(*word), 0) == 0;
}

static RINGBENCH_INLINE bool push_call_until(struct port *port, struct queue *q,
					     const uint64_t *word,
					     int64_t deadline_ns, bool *expired)
{
	struct timespec end = time_of_day(deadline_ns);
	bool done = mq_timedsend(q->waits, (char *)word, sizeof(*word), 0,
				 &end) == 0;

	(void)port;
	*expired = ringbench_now_ns() >= deadline_ns;
	return done;
}

static RINGBENCH_INLINE bool pop_call(struct queue *q, uint64_t *word)
{
	return mq_receive(q->waits, (char *)word, sizeof(*word), NULL) ==
	       sizeof(*word);
}

static RINGBENCH_INLINE bool pop_call_until(struct port *port, struct queue *q,
					    uint64_t *word, int64_t deadline_ns,
					    bool *expired)
{
	struct timespec end = time_of_day(deadline_ns);
	bool done = mq_timedreceive(q->waits, (char *)word, sizeof(*word), NULL,
				    &end) == sizeof(*word);

	(void)port;
	*expired = ringbench_now_ns() >= deadline_ns;
	return done;
}

#include "interrupted_wait.h"
#include "workers.h"

EXPORT_BACKEND(mqueue, "the kernel's POSIX message queue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
