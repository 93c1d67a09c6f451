// SPDX-License-Identifier: BSD-2-Clause
/*
 * moodycamel::BlockingConcurrentQueue with tokens (moodycamel_tokens.h) and
 * with its native waiting pop. A semaphore counts the messages whose push is
 * complete. A pop first decrements the count and then searches until it has
 * found a message. So "empty" is exact here, unlike in the inner queue. A
 * consumer that is suspended during the search makes other consumers search
 * longer: blocking.
 *
 * A wait reads the count 10,000 times before it sleeps. No other thread can end
 * a wait, so a wait lasts at most 10 ms and is then repeated. The loops try
 * once before they wait, and the library's wait begins with such a try, too:
 * each of them decrements the count if the count is not 0.
 *
 * NEEDS: concurrentqueue/blockingconcurrentqueue.h libconcurrentqueue-dev
 */
#define QUEUE_HAS_WAIT
#define MOODYCAMEL_QUEUE BlockingConcurrentQueue
#include "moodycamel_tokens.h"
#include "ringbench_clock.h"

namespace
{

/*
 * A push is refused only if memory runs short. Speed does not matter then, so
 * the thread tries once every millisecond.
 */
QUEUE_OPERATION enum queue_status queue_push_until(struct port *port,
						   uint64_t word,
						   int64_t deadline_ns,
						   struct waitclock *)
{
	const struct timespec nap = { 0, RINGBENCH_NS_PER_MS };

	while (!queue_try_push(port, word)) {
		if (ringbench_now_ns() >= deadline_ns)
			return QUEUE_TIMEOUT;
		nanosleep(&nap, NULL);
	}
	return QUEUE_OK;
}

/*
 * The library waits for a number of microseconds, by a clock that can be set.
 */
QUEUE_OPERATION enum queue_status queue_pop_until(struct port *port,
						  uint64_t *word,
						  int64_t deadline_ns,
						  struct waitclock *)
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
		       BACKEND_WEAK_EMPTY | BACKEND_UNBOUNDED |
		       BACKEND_PRODUCER_ORDER,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
