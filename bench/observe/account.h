/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel says about the calling thread's time, between two moments. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

/* Readings at the start; after account_stop(): differences. */
struct account {
	int64_t start_ns; /* CLOCK_MONOTONIC; stays a point in time */
	int64_t elapsed_ns;
	int64_t cpu_ns;	 /* exact */
	int64_t user_ns; /* by ticks: only the ratio of the two is of use */
	int64_t sys_ns;
	int64_t runqueue_ns; /* -1: the kernel does not say */
	int64_t vol_switches;
	int64_t invol_switches;
	int64_t page_faults;
	int cpu; /* on which the thread is at the start; -1: not known */
	/*
	 * Moves to another CPU: the kernel's count, or 1 when the thread ended
	 * on another CPU than it began on.
	 */
	int64_t migrations;
};

/*
 * The thread's sched file, which counts migrations; -1 where there is none,
 * which is fine. Reading it takes 10 times as long as schedstat: only for
 * threads that may move.
 */
int account_open_sched(void);

/* The kernel's count of the thread's migrations; -1: it does not say. */
int64_t account_migrations(int sched);

/* Reads everything but the two clocks first, the clocks last. */
void account_start(struct account *account, int schedstat);

/* Reads the clocks first, and turns *account into differences. */
void account_stop(struct account *account, int schedstat);

#endif
