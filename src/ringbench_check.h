/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds misuse of the queues of this folder. Define RINGBENCH_CHECK in all
 * files of a program or in none, because it adds members to the structs. A
 * misuse then ends the program with one line on stderr. If the program shall do
 * something else, define RINGBENCH_MISUSE(text) as well. Without
 * RINGBENCH_CHECK the checks cost nothing.
 */
#ifndef RINGBENCH_CHECK_H
#define RINGBENCH_CHECK_H

#include "ringbench_atomics.h"

/*
 * Whether the address of an object has the alignment of RINGBENCH_ALIGNED. The
 * address is hidden from the compiler, because otherwise the compiler would
 * assume the alignment and remove the check.
 */
static inline int ringbench_is_aligned(const void *object)
{
	uintptr_t address = RINGBENCH_ADDRESS(object);

	__asm__("" : "+r"(address));
	return address % RINGBENCH_LINE == 0;
}

#ifdef RINGBENCH_CHECK

#include <pthread.h>
#include <unistd.h>

#ifndef RINGBENCH_MISUSE
#include <stdio.h>
#include <stdlib.h>
static inline void ringbench_misuse(const char *text)
{
	fprintf(stderr, "misuse of a queue: %s\n", text);
	abort();
}
#define RINGBENCH_MISUSE(text) ringbench_misuse(text)
#endif

#define RINGBENCH_CHECKED(call) call
#define RINGBENCH_EXPECT(condition, text)             \
	do {                                          \
		if (RINGBENCH_UNLIKELY(!(condition))) \
			RINGBENCH_MISUSE(text);       \
	} while (0)

/* The thread that uses one end of a queue. */
struct ringbench_user {
	uint32_t *openings; /* openings of this end; NULL: not counted */
	uint32_t opening;   /* *openings when this user opened the end */
	uint32_t known;	    /* 1: `thread` is valid */
	uint32_t closed;
	pthread_t thread;
};

/* For a queue that only one process may use: `process` created the queue. */
static inline void ringbench_process_check(pid_t process)
{
	RINGBENCH_EXPECT(process == getpid(),
			 "a queue of one process is used by another process");
}

static inline void ringbench_user_open(struct ringbench_user *user,
				       uint32_t *openings)
{
	user->openings = openings;
	user->thread = pthread_self();
	user->opening = 0;
	if (openings)
		user->opening = ringbench_fetch_add_relaxed(openings, 1U) + 1;
	user->known = user->closed = 0;
}

static inline void ringbench_user_close(struct ringbench_user *user)
{
	RINGBENCH_EXPECT(!user->closed, "an end is closed twice");
	user->closed = 1;
}

static inline void ringbench_user_check(struct ringbench_user *user)
{
	RINGBENCH_EXPECT(!user->closed, "an end is used after it was closed");
	RINGBENCH_EXPECT(!user->openings ||
				 ringbench_load_relaxed(user->openings) ==
					 user->opening,
			 "two producers or two consumers are open on a ring "
			 "that serves one");
	if (!user->known) {
		user->thread = pthread_self();
		user->known = 1;
	}
	RINGBENCH_EXPECT(pthread_equal(user->thread, pthread_self()),
			 "one end is used by two threads");
}

#else

#define RINGBENCH_CHECKED(call)		  RINGBENCH_CAST(void, 0)
#define RINGBENCH_EXPECT(condition, text) RINGBENCH_CAST(void, 0)

#endif

#endif
