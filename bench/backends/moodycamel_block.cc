// SPDX-License-Identifier: BSD-2-Clause
/*
 * moodycamel::BlockingConcurrentQueue with tokens (moodycamel_tokens.h), and
 * with its own waiting pop. A semaphore counts the messages whose push is done;
 * a pop takes one off the count first and then looks for its message until it
 * has it. So "empty" is exact here, other than in the queue inside, and a
 * consumer that is suspended in between makes others search: blocking.
 *
 * The wait looks at the count 10,000 times before it sleeps. It cannot be ended
 * from outside: a waiting thread is asked every 10 ms.
 *
 * NEEDS: concurrentqueue/blockingconcurrentqueue.h libconcurrentqueue-dev
 */
#define QUEUE_HAS_WAIT
#define MOODYCAMEL_QUEUE BlockingConcurrentQueue
#include "moodycamel_tokens.h"
#include "unbounded_wait.h"

namespace
{

/* The library waits in microseconds, on a clock that can be set. */
QUEUE_OPERATION enum queue_status
queue_pop_until(struct port *port, uint64_t *word, int64_t deadline_ns)
{
	int64_t left_ns;

	do {
		left_ns = deadline_ns - ringbench_now_ns();
		if (port->queue->lists.wait_dequeue_timed(
			    *port->consumer, *word,
			    left_ns > 0 ? left_ns / 1000 + 1 : 0))
			return QUEUE_OK;
	} while (left_ns > 0);
	return QUEUE_TIMEOUT;
}

} // namespace

#include "workers.h"

EXPORT_BACKEND(moodycamel_block, "BlockingConcurrentQueue",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
