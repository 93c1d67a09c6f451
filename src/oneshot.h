/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A one-shot event: one thread sets the event once, and one thread waits for it
 * once. The wait may begin before or after the event is set. There are four
 * implementations, for comparison. C11 and C++11. With RINGBENCH_CHECK, setting
 * an event twice ends the program.
 *
 *	waiter, which owns the event		setter
 *	oneshot_init(&event, ONESHOT_ON_FUTEX);
 *	pass &event to the setter	->	write the answer
 *	oneshot_wait(&event);			oneshot_set(&event);
 *	read the answer
 *	oneshot_destroy(&event);
 *
 * The waiter sees everything that the setter wrote before oneshot_set().
 *
 * The difficulty is the end of the event's life. The waiter may return, destroy
 * the event and use its memory again while the setter is still inside
 * oneshot_set(). So oneshot_set() must not touch the event after the step that
 * releases the waiter. Each implementation has a reason why this holds:
 *
 * futex: the states of the word are EMPTY, WAITED (the waiter is about to
 *    sleep) and SET. Both threads change the word with an atomic exchange:
 *    - The setter comes first: the waiter's exchange returns SET, and the
 *      waiter does not sleep. The acquire of the waiter's exchange pairs with
 *      the release of the setter's exchange.
 *    - The waiter comes first: the setter's exchange returns WAITED, and the
 *      setter wakes the waiter. The kernel compares the word with WAITED under
 *      the lock that the wake-up also takes. So the waiter either sees SET and
 *      does not sleep, or is in the kernel's list already and is woken. The
 *      waiter's acquire load of SET pairs with the release of the setter's
 *      exchange.
 *    Two plain operations instead of the exchange (store SET, then load WAITED)
 *    would lose wake-ups: both threads could read old values, as in
 *    eventcount.h. With relaxed order the waiter could read the answer before
 *    it is written. The exchange is the setter's last access to the event. The
 *    setter's system call may come later. The call uses the address of the word
 *    and not its content. In the worst case it wakes the waiter of another
 *    event that has the same address by then. Therefore the waiter checks the
 *    word after each return.
 * cond: a flag under a mutex. The setter signals before it unlocks. The waiter
 *    cannot leave without the mutex, so the setter has finished the signal when
 *    the waiter leaves. After the unlock the condition variable could be
 *    destroyed already. POSIX demands that a mutex can be destroyed as soon as
 *    it is unlocked, and glibc does not read it after that.
 * sem: since version 2.21, glibc does not touch a semaphore after its
 *    increment (before that: glibc bug 12674).
 * eventfd: the setter reads the descriptor before the system call, and the
 *    kernel holds the file until the write is over. Creating and closing the
 *    descriptor take one system call each.
 *
 * Progress: oneshot_wait() is blocking, which is its purpose. oneshot_set() is
 * wait-free for futex, apart from the system call, and blocking for cond,
 * because the setter takes the mutex.
 *
 * Sources: Drepper, "Futexes are tricky", 2011, for the three states; the
 * rationale of pthread_mutex_destroy in POSIX for the end.
 */
#ifndef ONESHOT_H
#define ONESHOT_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ringbench_check.h"
#include "ringbench_futex.h"

enum oneshot_type {
	ONESHOT_ON_FUTEX,
	ONESHOT_ON_COND,
	ONESHOT_ON_SEM,
	ONESHOT_ON_EVENTFD,
	ONESHOT_TYPES
};

struct oneshot {
	enum oneshot_type type;
	union {
		uint32_t word; /* an enum oneshot_state */
		struct {
			pthread_mutex_t lock;
			pthread_cond_t changed;
			bool set;
		} cond;
		sem_t sem;
		int fd;
	} on;
};

enum oneshot_state {
	ONESHOT_EMPTY,
	ONESHOT_WAITED, /* the waiter sleeps or is about to sleep */
	ONESHOT_SET,
};

/* Returns 0 or -errno, for example when no file descriptor is left. */
static inline int oneshot_init(struct oneshot *event, enum oneshot_type type)
{
	event->type = type;
	switch (type) {
	case ONESHOT_ON_FUTEX:
		event->on.word = ONESHOT_EMPTY;
		return 0;
	case ONESHOT_ON_COND:
		event->on.cond.set = false;
		pthread_cond_init(&event->on.cond.changed, NULL);
		return -pthread_mutex_init(&event->on.cond.lock, NULL);
	case ONESHOT_ON_SEM:
		return sem_init(&event->on.sem, 0, 0) == 0 ? 0 : -errno;
	case ONESHOT_ON_EVENTFD:
		event->on.fd = eventfd(0, EFD_CLOEXEC);
		return event->on.fd >= 0 ? 0 : -errno;
	case ONESHOT_TYPES:
		break;
	}
	return -EINVAL;
}

/* For the waiter, after oneshot_wait(), or if no thread will set the event. */
static inline void oneshot_destroy(struct oneshot *event)
{
	switch (event->type) {
	case ONESHOT_ON_COND:
		pthread_cond_destroy(&event->on.cond.changed);
		pthread_mutex_destroy(&event->on.cond.lock);
		break;
	case ONESHOT_ON_SEM:
		sem_destroy(&event->on.sem);
		break;
	case ONESHOT_ON_EVENTFD:
		close(event->on.fd);
		break;
	case ONESHOT_ON_FUTEX:
	case ONESHOT_TYPES:
		break;
	}
}

/* Does not touch *event after the step that releases the waiter. */
static inline void oneshot_set(struct oneshot *event)
{
	const uint64_t one = 1;
	uint32_t before;

	switch (event->type) {
	case ONESHOT_ON_FUTEX:
		before = ringbench_exchange_acq_rel(
			&event->on.word, RINGBENCH_CAST(uint32_t, ONESHOT_SET));
		RINGBENCH_EXPECT(before != ONESHOT_SET,
				 "a one-shot event is set twice");
		if (before == ONESHOT_WAITED)
			ringbench_futex_wake_all(&event->on.word);
		break;
	case ONESHOT_ON_COND:
		pthread_mutex_lock(&event->on.cond.lock);
		RINGBENCH_EXPECT(!event->on.cond.set,
				 "a one-shot event is set twice");
		event->on.cond.set = true;
		pthread_cond_signal(&event->on.cond.changed);
		pthread_mutex_unlock(&event->on.cond.lock);
		break;
	case ONESHOT_ON_SEM:
		sem_post(&event->on.sem);
		break;
	case ONESHOT_ON_EVENTFD: {
		int fd = event->on.fd;

		while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
			;
		break;
	}
	case ONESHOT_TYPES:
		break;
	}
}

/* Returns when the event is set, and not because of a signal. */
static inline void oneshot_wait(struct oneshot *event)
{
	uint64_t count;

	switch (event->type) {
	case ONESHOT_ON_FUTEX:
		if (ringbench_exchange_acq_rel(&event->on.word,
					       ONESHOT_WAITED) == ONESHOT_SET)
			break;
		while (ringbench_load_acquire(&event->on.word) != ONESHOT_SET)
			ringbench_futex_wait(&event->on.word, ONESHOT_WAITED,
					     RINGBENCH_NEVER);
		break;
	case ONESHOT_ON_COND:
		pthread_mutex_lock(&event->on.cond.lock);
		while (!event->on.cond.set)
			pthread_cond_wait(&event->on.cond.changed,
					  &event->on.cond.lock);
		pthread_mutex_unlock(&event->on.cond.lock);
		break;
	case ONESHOT_ON_SEM:
		while (sem_wait(&event->on.sem) != 0)
			;
		break;
	case ONESHOT_ON_EVENTFD:
		while (read(event->on.fd, &count, sizeof(count)) < 0 &&
		       errno == EINTR)
			;
		break;
	case ONESHOT_TYPES:
		break;
	}
}

#endif
