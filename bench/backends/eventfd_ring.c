/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring whose messages and free slots are counted by two eventfds in semaphore
 * mode (counted_ring.h, eventfd(2)). Each push and each pop makes two system
 * calls. Without a deadline, the call that takes a token blocks; with a
 * deadline, a thread waits by ppoll(2), so it could wait for other files, too.
 */
#define QUEUE_SLEEPS_UNSEEN
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fd_wait.h"

struct tokens {
	int file;
};

#include "counted_ring.h"

static int tokens_init(struct tokens *tokens, unsigned int count)
{
	tokens->file = eventfd(count, EFD_CLOEXEC | EFD_SEMAPHORE);
	return tokens->file >= 0 ? 0 : -errno;
}

static void tokens_destroy(struct tokens *tokens)
{
	close(tokens->file);
}

static RINGBENCH_INLINE bool tokens_none(struct tokens *tokens)
{
	struct pollfd ready = { .fd = tokens->file, .events = POLLIN };

	return poll(&ready, 1, 0) == 0;
}

static RINGBENCH_INLINE void tokens_give(struct tokens *tokens)
{
	eventfd_write(tokens->file, 1);
}

/* A read that does not block although the file does. */
static RINGBENCH_INLINE bool tokens_take(struct tokens *tokens)
{
	eventfd_t count;
	struct iovec into = { &count, sizeof(count) };

	return preadv2(tokens->file, &into, 1, -1, RWF_NOWAIT) == sizeof(count);
}

static inline bool tokens_take_until(struct tokens *tokens, int64_t deadline_ns,
				     struct waitclock *clock)
{
	eventfd_t count;

	(void)clock;
	if (deadline_ns == RINGBENCH_NEVER) {
		while (eventfd_read(tokens->file, &count) != 0)
			; /* interrupted */
		return true;
	}
	while (fd_wait(tokens->file, POLLIN, deadline_ns))
		if (tokens_take(tokens))
			return true;
	return tokens_take(tokens);
}

#include "workers.h"

EXPORT_BACKEND(eventfd_ring, "ring between two eventfds",
	       BACKEND_MULTI_PRODUCER | BACKEND_MULTI_CONSUMER |
		       BACKEND_WEAK_EMPTY | BACKEND_CALLS,
	       PROGRESS_BLOCKING, PROGRESS_BLOCKING)
