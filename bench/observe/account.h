/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU time, context switches and page faults of the calling thread between two
 * points in time, as counted by the kernel.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * account_start() stores readings. account_stop() turns them into differences.
 */
struct account {
	int64_t start_ns; /* CLOCK_MONOTONIC; not turned into a difference */
	int64_t elapsed_ns;
	int64_t cpu_ns; /* exact */
	/*
	 * sampled by the kernel's tick: use only the ratio of user_ns to sys_ns
	 */
	int64_t user_ns;
	int64_t sys_ns;
	int64_t runqueue_ns; /* -1: unknown */
	int64_t unknown;     /* not 0: the system refused getrusage(), and the
				counts of getrusage() below are unknown */
	int64_t vol_switches;
	int64_t invol_switches;
	int64_t page_faults;
	int cpu; /* CPU of the thread at the start; -1: unknown */
	/*
	 * Number of migrations to another CPU: the kernel's count, or 1 if the
	 * thread ended on another CPU than it started on and the kernel does
	 * not count.
	 */
	int64_t migrations;
};

/*
 * Opens the thread's sched file, which counts migrations; -1 if the kernel has
 * no such file. Reading it takes 10 times as long as reading schedstat, so only
 * threads that are not pinned open it.
 */
int account_open_sched(void);

/* The kernel's count of the migrations of the thread; -1: unknown. */
int64_t account_migrations(int sched);

/*
 * Reads the two clocks last, so that the other readings are not in the measured
 * time.
 */
void account_start(struct account *account, int schedstat);

/* Reads the two clocks first and turns *account into differences. */
void account_stop(struct account *account, int schedstat);

#endif
