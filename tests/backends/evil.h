/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A correct queue with the state of its fault: the kind, when the fault is due,
 * and a counter of how often the fault happened.
 *
 * EVIL_FIRED names a file that gets one 64-bit counter for each kind, in the
 * order of evil_kinds.h. The file is shared memory, so that the counters
 * survive a crash.
 */
#ifndef EVIL_H
#define EVIL_H

#define QUEUE_HAS_BULK
#define QUEUE_HAS_CLOSE
#define QUEUE_HAS_WAIT

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "contract.h"
#include "fifo.h"

enum kind {
#define EVIL(name, at, when, summary) EVIL_##name,
#include "evil_kinds.h"
#undef EVIL
	EVIL_KINDS
};

enum point {
	AT_NOTHING,
	AT_CREATE,
	AT_PUSH,
	AT_PUSH_BULK,
	AT_POP,
	AT_POP_BULK,
	AT_EMPTY,
	AT_WAIT,
	AT_SIGNAL,
	AT_CLOSE,
	AT_DRAIN,
	AT_DESTROY,
};

enum when {
	EACH,
	SINCE,
	ALWAYS,
};

static const struct {
	enum point at;
	enum when when;
} kinds[] = {
#define EVIL(name, at, when, summary) { at, when },
#include "evil_kinds.h"
#undef EVIL
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	bool closed;
	bool stack;
	struct fifo fifo;
	enum kind kind;
	uint64_t every;
	uint64_t from;
	uint64_t seen;	   /* operations at which the fault may happen */
	uint64_t newest;   /* the last word that was pushed */
	uint64_t previous; /* the last word that was popped */
	/* A word that is popped late: after this number of pops and, if
	 * kept_from is set, by another thread than kept_from. */
	uint64_t kept;
	uint64_t kept_for;
	pthread_t kept_from;
	/* The first thread that pushed and the first thread that popped, and
	 * whether other threads did so, too. */
	pthread_t first_pusher;
	pthread_t first_popper;
	bool pushers;
	bool poppers;
	/* Number of messages of the first thread and of all other threads. */
	uint64_t starved;
	uint64_t favoured;
};

static uint64_t *fired;

static void open_counters(void)
{
	const char *path = getenv("EVIL_FIRED");
	size_t bytes = EVIL_KINDS * sizeof(*fired);
	int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	int flags = MAP_SHARED | MAP_POPULATE;

	if (fired)
		return;
	if (path && (file < 0 || ftruncate(file, (off_t)bytes) != 0))
		abort();
	if (!path)
		flags |= MAP_ANONYMOUS;
	fired = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
	if (fired == MAP_FAILED)
		abort();
	/* Maps the pages now, so that later writes cause no page fault. */
	for (int kind = 0; kind < EVIL_KINDS; kind++)
		__atomic_fetch_add(&fired[kind], 0, __ATOMIC_RELAXED);
	if (file >= 0)
		close(file);
}

/* The fault has happened. */
static void fire(enum kind kind)
{
	__atomic_fetch_add(&fired[kind], 1, __ATOMIC_RELAXED);
}

static uint64_t setting(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : 1000;
}

/* Whether the fault is due in this operation. The caller holds the lock. */
static bool due(struct queue *q, enum point at)
{
	if (kinds[q->kind].at != at)
		return false;
	q->seen++;
	if (kinds[q->kind].when == EACH)
		return q->seen % q->every == 0;
	return kinds[q->kind].when == ALWAYS || q->seen > q->from;
}

/* The slot of the message that will be popped after `ahead` other messages. */
static uint64_t *slot(struct queue *q, size_t ahead)
{
	return &q->fifo.slots[(q->fifo.head + ahead) % q->fifo.capacity];
}

static void swap_slots(struct queue *q, size_t one, size_t other)
{
	uint64_t word = *slot(q, one);

	*slot(q, one) = *slot(q, other);
	*slot(q, other) = word;
}

static bool take(struct queue *q, uint64_t *word)
{
	return q->stack ? fifo_pop_newest(&q->fifo, word)
			: fifo_pop(&q->fifo, word);
}

/* Pops the delayed word when its delay is over, and otherwise the next word. */
static bool next(struct queue *q, uint64_t *word)
{
	bool other = !q->kept_from || q->kept_from != pthread_self();

	if (q->kept && (q->fifo.count == 0 ||
			(other && (q->kept_for == 0 || --q->kept_for == 0)))) {
		*word = q->kept;
		q->kept = 0;
		return true;
	}
	return take(q, word);
}

static void note_thread(pthread_t *first, bool *others)
{
	if (!*first)
		*first = pthread_self();
	else if (*first != pthread_self())
		*others = true;
}

static _Noreturn void sleep_for_ever(void)
{
	for (;;)
		pause();
}

#endif
