/* SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>

#include "after_run.h"
#include "guards.h"

enum {
	MESSAGES = 4,
	/* number of tries: an operation of a weak queue may fail although there
	 * is a message or a free slot */
	TRIES = 1000,
};

struct received {
	bool by_value; /* drain() passes the addresses of messages, not their
			  first words */
	uint64_t count;
	uint64_t sum;
};

static void receive(void *arg, uint64_t word)
{
	struct received *received = arg;

	received->count++;
	if (received->by_value)
		word = *(const uint64_t *)(uintptr_t)word;
	received->sum += word;
}

static bool feed(const struct backend *backend, struct channel *channel,
		 uint64_t word)
{
	for (int try = 0; try < TRIES; try++) {
		if (backend->feed(channel, word))
			return true;
		sched_yield();
	}
	return false;
}

/* Pushes a few words to the empty queue, one after the other, and pops each. A
 * scenario does not have to drain queues that it does not verify, so drain them
 * first. */
static bool passes_messages(const struct backend *backend,
			    struct channel *channel)
{
	struct received rest = { .by_value = channel->value_bytes };

	backend->drain(channel, receive, &rest);
	for (uint64_t word = 1; word <= MESSAGES; word++) {
		struct received received = { .by_value = channel->value_bytes };

		/* A queue with a native wait may refuse messages after it was
		 * closed. */
		if (!feed(backend, channel, word))
			return channel->closed &&
			       backend->flags & BACKEND_NATIVE_WAIT;
		for (int try = 0; try < TRIES && !received.count; try++)
			backend->drain(channel, receive, &received);
		if (received.count != 1 || received.sum != word)
			return false;
	}
	return true;
}

const char *after_run_failure(struct rig *rig)
{
	for (int i = 0; i < rig->queues; i++)
		if (!passes_messages(rig->backend, &rig->channels[i]))
			return "after the run, a drained queue did not "
			       "return a message that was pushed to it";
	if (!guards_are_whole())
		return "the queue wrote beyond the end of its memory";
	return NULL;
}
