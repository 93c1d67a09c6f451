/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides whether a waiting thread should spin or sleep at once, from the waits
 * that it has seen. C11 and C++11.
 *
 *	if (adaptive_spins(&gaps, limit_ns))
 *		spin for limit_ns at most; then sleep
 *	else
 *		sleep
 *	adaptive_learn(&gaps, limit_ns, length of the wait);
 *
 * limit_ns is the price of a sleep: the length of a wait for which spinning
 * costs as much as sleeping. If a nanosecond of latency is worth as much as a
 * nanosecond of CPU time, limit_ns is the latency of a wake-up plus the CPU
 * time of a sleep. If CPU time is worth more than latency, limit_ns is smaller.
 * The user must choose limit_ns, because no single value is right for all
 * users.
 *
 * How it decides. A spin of limit_ns at most, and then a sleep, costs g for a
 * wait of length g up to the limit, and twice the limit for a longer wait. A
 * sleep at once always costs the limit. `cost_ns` is the exponentially weighted
 * mean of what spinning would have cost in the recent waits. The thread spins
 * while that mean is below the limit.
 *
 * The guarantees, compared with an ideal thread, which knows all waits in
 * advance and pays min(g, limit):
 * 1. While the thread spins, a wait costs at most twice as much as for the
 *    ideal thread (Karlin, Manasse, Rudolph, Sleator, "Competitive snoopy
 *    caching", 1988).
 * 2. If all waits are longer than the limit, the thread spins in the first 6
 *    waits and then sleeps at once. From then on a wait costs as much as for
 *    the ideal thread. A thread that always spins first would pay twice as much
 *    in every wait.
 * 3. If the distribution of the waits does not change, the mean approaches the
 *    expected cost of spinning, and the thread chooses the cheaper way.
 * 4. When short waits follow long waits, the thread sleeps 6 times (if the
 *    short waits take up to limit / 8) to 9 times (up to limit / 2) before it
 *    spins again.
 * The rule follows Karlin, Li, Manasse, Owicki, "Empirical studies of
 * competitive spinning for a shared-memory multiprocessor", 1991, whose
 * adaptive algorithms choose the limit from the last waits; the mean replaces
 * their list of three waits.
 *
 * A thread that slept runs some time after it was woken. It passes to
 * adaptive_learn() the time until it was woken, not the time until it ran. A
 * zeroed struct has seen no wait, and the thread spins. With a limit of 0 no
 * thread spins.
 *
 * Several threads may share the struct: each access is atomic and relaxed, and
 * a lost update only loses one wait. All functions are wait-free.
 */
#ifndef ADAPTIVE_H
#define ADAPTIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "ringbench_atomics.h"

struct adaptive {
	int64_t cost_ns;
};

static RINGBENCH_INLINE bool adaptive_spins(const struct adaptive *gaps,
					    int64_t limit_ns)
{
	return ringbench_load_relaxed(&gaps->cost_ns) < limit_ns;
}

/* Learns from a wait that took `gap_ns`. */
static inline void adaptive_learn(struct adaptive *gaps, int64_t limit_ns,
				  int64_t gap_ns)
{
	int64_t cost_ns = ringbench_load_relaxed(&gaps->cost_ns);

	if (gap_ns > limit_ns)
		gap_ns = 2 * limit_ns;
	ringbench_store_relaxed(&gaps->cost_ns,
				cost_ns + (gap_ns - cost_ns) / 8);
}

#endif
