/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits for a file descriptor, for the queues of the kernel. */
#ifndef FD_WAIT_H
#define FD_WAIT_H

#include <poll.h>
#include <stdbool.h>

#include "ringbench_clock.h"

/*
 * Sleeps until the file descriptor is ready for `what` (POLLIN or POLLOUT of
 * poll(2)). False: the deadline has passed.
 */
static inline bool fd_wait(int end, short what, int64_t deadline_ns)
{
	struct pollfd ready = { .fd = end, .events = what };
	int64_t left_ns = deadline_ns - ringbench_now_ns();
	struct timespec left;

	if (left_ns <= 0)
		return false;
	left = ringbench_timespec(left_ns);
	ppoll(&ready, 1, &left, NULL);
	return true;
}

#endif
