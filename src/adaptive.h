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
 * nanosecond of CPU time, that is the latency of a wake-up plus the CPU time of
 * a sleep. If CPU time is dearer, the limit is shorter. No rule without such a
 * price can be good for everybody: for a wait between two people's limits, the
 * rule has to disappoint one of them.
 *
 * How it decides. A spin of limit_ns at most, and then a sleep, costs g for a
 * wait of length g up to the limit, and twice the limit for a longer wait. A
 * sleep at once always costs the limit. `cost_ns` is the exponentially weighted
 * mean of what spinning would have cost in the recent waits. The thread spins
 * while that mean is below the limit.
 *
 * What that guarantees, beside a thread that knows all waits in advance and
 * pays min(g, limit):
 * 1. While it spins, a wait costs at most twice as much (Karlin, Manasse,
 *    Rudolph, Sleator, "Competitive snoopy caching", 1988).
 * 2. If all waits are longer than the limit, it spins in the first 6 and then
 *    sleeps at once, and the ratio is 1. Spinning first always pays twice.
 * 3. If waits of a stable distribution follow, the mean approaches the expected
 *    cost of spinning, and the thread takes the cheaper one of both.
 * 4. When long waits end and short ones follow, it sleeps 6 times (waits of up
 *    to limit / 8) to 9 times (up to limit / 2) before it spins again.
 * The rule follows Karlin, Li, Manasse, Owicki, "Empirical studies of
 * competitive spinning for a shared-memory multiprocessor", 1991, whose
 * adaptive algorithms choose the limit from the last waits; the mean replaces
 * their list of three waits.
 *
 * A waiter sees its wait end late if it slept. So it passes the time until it
 * was woken, not until it ran. Zeroed memory has seen no wait and spins. With
 * a limit of 0 no thread spins.
 *
 * Several threads may share the struct: each access is atomic and relaxed, and
 * a lost update only loses one wait. Wait-free.
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

/* A wait took `gap_ns`. */
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
