/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring whose messages and free slots are counted by POSIX semaphores
 * (counted_ring.h). A semaphore operation is one atomic operation if the count
 * is not 0; a thread that must wait sleeps on a futex.
 */
#include <semaphore.h>

#include "ringbench_clock.h"

struct tokens {
	sem_t count;
};

#include "counted_ring.h"

static int tokens_init(struct tokens *tokens, unsigned int count)
{
	return sem_init(&tokens->count, 0, count) == 0 ? 0 : -errno;
}

static void tokens_destroy(struct tokens *tokens)
{
	sem_destroy(&tokens->count);
}

static RINGBENCH_INLINE bool tokens_none(struct tokens *tokens)
{
	int count = 0;

	sem_getvalue(&tokens->count, &count);
	return count <= 0;
}

static RINGBENCH_INLINE void tokens_give(struct tokens *tokens)
{
	sem_post(&tokens->count);
}

static RINGBENCH_INLINE bool tokens_take(struct tokens *tokens)
{
	return sem_trywait(&tokens->count) == 0;
}

/* Begins with a try, like sem_wait(). */
static inline bool tokens_take_until(struct tokens *tokens, int64_t deadline_ns,
				     struct waitclock *clock)
{
	struct timespec deadline;
	int failed;

	if (tokens_take(tokens))
		return true;
	waitclock_sleeps(clock);
	deadline = ringbench_timespec(deadline_ns);
	do
		failed = sem_clockwait(&tokens->count, CLOCK_MONOTONIC,
				       &deadline);
	while (failed && errno == EINTR);
	return !failed;
}

#include "workers.h"

EXPORT_BACKEND(semaphores, "ring between two POSIX semaphores",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
