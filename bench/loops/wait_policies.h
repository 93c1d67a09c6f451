/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wait policies: what a thread does while its queue is empty or full. This
 * is the only list of the policies; waiting.h implements them. Tables and
 * pictures show the policies in this order, from the busiest to the least busy.
 *
 * X(arg, NAME, name, is_timed, is_blocking, meaning): a timed policy has a
 * duration (sleep:1ms). A blocking policy sleeps in the kernel until another
 * thread wakes it. `arg` is passed to X unchanged.
 */
#ifndef WAIT_POLICIES_H
#define WAIT_POLICIES_H

/* clang-format off */
#define WAIT_POLICIES(X, arg)                                                  \
	X(arg, POLL, poll, 0, 0, "asks whether there is a message, no pause")  \
	X(arg, SPIN, spin, 0, 0, "tries again after one pause instruction")    \
	X(arg, YIELD, yield, 0, 0, "tries again after sched_yield()")          \
	X(arg, SLEEP, sleep, 1, 0, "asks; sleeps for D when there is none")    \
	X(arg, BLOCK, block, 0, 1,                                             \
	  "tries for about 1 us, then sleeps until it is woken")               \
	X(arg, TIMEOUT, timeout, 1, 1,                                         \
	  "block, but sleeps at most D; then tries again")                     \
	X(arg, PARK, park, 1, 1, "spins for D, then sleeps until it is woken") \
	X(arg, ADAPTIVE, adaptive, 1, 1,                                       \
	  "park, or block while recent waits exceed D")
/* clang-format on */

#define WAIT_ENUM(arg, NAME, name, is_timed, is_blocking, meaning) WAIT_##NAME,
enum wait_kind {
	WAIT_POLICIES(WAIT_ENUM, ) WAIT_KINDS
};

#endif
