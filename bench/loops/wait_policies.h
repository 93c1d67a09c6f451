/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wait policies: what a thread does while its queue is empty or full. This
 * is the one list of them; the code of each stands in waiting.h. Tables and
 * pictures show policies in this order, from the busiest to the most patient.
 *
 * X(arg, NAME, name, is_timed, is_blocking, meaning): a timed policy takes a
 * duration (sleep:1ms); a blocking one sleeps in the kernel until it is woken.
 * `arg` is passed through.
 */
#ifndef WAIT_POLICIES_H
#define WAIT_POLICIES_H

/* clang-format off */
#define WAIT_POLICIES(X, arg)                                                  \
	X(arg, POLL, poll, 0, 0, "asks whether there is a message, no pause")  \
	X(arg, SPIN, spin, 0, 0, "tries again after one pause instruction")    \
	X(arg, YIELD, yield, 0, 0, "tries again after sched_yield()")          \
	X(arg, SLEEP, sleep, 1, 0, "asks; sleeps for D when there is none")    \
	X(arg, BLOCK, block, 0, 1, "sleeps until it is woken")                 \
	X(arg, TIMEOUT, timeout, 1, 1,                                         \
	  "sleeps until it is woken, at most D; then tries again")             \
	X(arg, PARK, park, 1, 1, "spins for D, then sleeps until it is woken")
/* clang-format on */

#define WAIT_ENUM(arg, NAME, name, is_timed, is_blocking, meaning) WAIT_##NAME,
enum wait_kind {
	WAIT_POLICIES(WAIT_ENUM, ) WAIT_KINDS
};

#endif
