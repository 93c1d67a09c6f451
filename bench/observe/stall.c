/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "stall.h"

enum {
	STALL_WINDOW_SHARE = 20, /* a stall is longer than 1/20 of the window */
	/* a stall is also longer than 10 average waits of the thread */
	STALL_WAITS = 10,
	STARVED_SHARE = 8, /* less than 1/8 of the average of the role */
	STARVED_MESSAGES =
		64, /* smallest average for which a share is checked */
};

/*
 * Time from the begin of the thread's longest wait to the stop request; 0 if
 * the longest wait had ended before the request. The last wait cannot be used
 * instead: after the stop, a thread may pop the remaining messages and wait
 * again. *usual_ns: the average of the thread's other waits.
 */
static int64_t open_wait(const struct waitclock *clock, int64_t request_ns,
			 int64_t *usual_ns)
{
	int64_t begin_ns = clock->longest_end_ns - clock->longest_ns;
	int64_t waits = (int64_t)clock->waits - 1;

	if (clock->longest_end_ns < request_ns || begin_ns >= request_ns)
		return 0;
	*usual_ns = waits > 0 ? (clock->total_ns - clock->longest_ns) / waits
			      : 0;
	return request_ns - begin_ns;
}

/* How long the thread had been idle when the stop was requested. */
static int64_t idle_ns(const struct rig *rig, int number,
		       const struct account *account, int64_t *usual_ns)
{
	const struct worker *worker = &rig->workers[number];
	int64_t end_ns = account->start_ns + account->elapsed_ns;
	int64_t empty, full, usual = 0;

	*usual_ns = 0;
	/* A loop without a limit ended before the stop. */
	if (end_ns < rig->request_ns && worker->limit == UINT64_MAX &&
	    !worker->work)
		return rig->request_ns - end_ns;
	full = open_wait(&worker->full, rig->request_ns, usual_ns);
	empty = open_wait(&worker->empty, rig->request_ns, &usual);
	if (empty > full)
		*usual_ns = usual;
	return empty > full ? empty : full;
}

bool rig_stalled(const struct rig *rig, const struct account *accounts)
{
	if (!rig->request_ns || !rig->queues)
		return false;
	for (int i = 0; i < rig->threads; i++) {
		int64_t window_ns = rig->request_ns - accounts[i].start_ns;
		int64_t usual_ns;
		int64_t idle = idle_ns(rig, i, &accounts[i], &usual_ns);

		int64_t long_ns = window_ns / STALL_WINDOW_SHARE;

		/*
		 * A runnable thread without a CPU may hold a message. The
		 * scheduler delays a thread for at most long_ns.
		 */
		if (accounts[i].runqueue_ns > 0)
			idle -= accounts[i].runqueue_ns < long_ns
					? accounts[i].runqueue_ns
					: long_ns;
		if (idle <= long_ns || idle <= STALL_WAITS * usual_ns)
			return false;
	}
	return true;
}

bool rig_starved(const struct rig *rig)
{
	for (int i = 0; i < rig->threads; i++) {
		uint64_t messages = 0, threads = 0;

		for (int j = 0; j < rig->threads; j++) {
			if (strcmp(rig->parts[i].role, rig->parts[j].role) != 0)
				continue;
			messages += rig->workers[j].messages;
			threads++;
		}
		if (messages >= threads * STARVED_MESSAGES &&
		    rig->workers[i].messages * threads * STARVED_SHARE <
			    messages)
			return true;
	}
	return false;
}
