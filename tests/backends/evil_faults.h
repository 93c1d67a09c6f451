/* SPDX-License-Identifier: BSD-2-Clause */
/* The faults of evil_kinds.h, in the operation that evil_kinds.h names. */
#ifndef EVIL_FAULTS_H
#define EVIL_FAULTS_H

#include "evil.h"

enum {
	LEAK_BYTES = 1 << 14,
};

/* The kinds that end or stop the process or the thread. */
static void process_fault(struct queue *q)
{
	fire(q->kind);
	switch (q->kind) {
	case EVIL_crashes:
	case EVIL_crashes_push:
	case EVIL_crashes_create:
	case EVIL_crashes_close:
	case EVIL_crashes_drain:
	case EVIL_crashes_destroy:
		__builtin_trap();
	case EVIL_segfaults:
		*(volatile char *)(uintptr_t)q->seen = 1;
		break;
	case EVIL_aborts:
		abort();
	case EVIL_overflows:
		*(volatile char *)__builtin_alloca(1 << 28) = 1;
		break;
	case EVIL_exits:
	case EVIL_exits_drain:
		exit(0);
	case EVIL_exits_push:
		exit(3);
	case EVIL_leaves:
		pthread_mutex_unlock(&q->lock);
		pthread_exit(NULL);
	case EVIL_kills:
		raise(SIGKILL);
		break;
	case EVIL_stops:
		raise(SIGSTOP);
		break;
	case EVIL_spins:
		pthread_mutex_unlock(&q->lock);
		for (;;)
			ringbench_pause();
	default:
		pthread_mutex_unlock(&q->lock);
		sleep_for_ever();
	}
}

/* The faults in close, drain and destroy. The caller does not hold the lock. */
static void end_fault(struct queue *q)
{
	switch (q->kind) {
	case EVIL_ignores_close:
		fire(q->kind);
		break;
	case EVIL_frees_twice:
		fire(q->kind);
		free(q->fifo.slots);
		break;
	case EVIL_drain_drops:
	case EVIL_drain_invents:
	case EVIL_drain_endless:
		break;
	default:
		pthread_mutex_lock(&q->lock);
		process_fault(q);
	}
}

/* The faults in create. Returns the result of create and sets *capacity to the
 * capacity that the queue gets. */
static int create_fault(enum kind kind, size_t *capacity)
{
	struct queue q = { .kind = kind };

	fire(kind);
	switch (kind) {
	case EVIL_refuses:
		return -EINVAL;
	case EVIL_forbids:
		return -EPERM;
	case EVIL_no_memory:
		return -ENOMEM;
	case EVIL_smaller:
		*capacity = *capacity / 4 + 1;
		return 0;
	case EVIL_larger:
		*capacity *= 4;
		return 0;
	case EVIL_crashes_create:
	case EVIL_hangs_create:
		process_fault(&q);
		return 0;
	default:
		return 0;
	}
}

static size_t claimed_capacity(enum kind kind, size_t capacity)
{
	switch (kind) {
	case EVIL_claims_more:
		return 2 * capacity;
	case EVIL_claims_less:
		return capacity / 2;
	case EVIL_claims_none:
		return 0;
	default:
		return capacity;
	}
}

/* The faulty number of words that an operation on a batch returns. */
static size_t evil_count(struct queue *q, size_t done, size_t count)
{
	bool more = q->kind == EVIL_pop_more || q->kind == EVIL_push_more;

	if (more ? done == count : done == 0)
		return done;
	fire(q->kind);
	return more ? done + 1 : done - 1;
}

/* Whether the first thread of a side must wait until the other threads have had
 * their turn. */
static bool must_starve(struct queue *q, bool first)
{
	if (first && q->favoured < 64 * (q->starved + 1)) {
		fire(q->kind);
		return true;
	}
	return false;
}

static bool count_share(struct queue *q, bool first, bool passed)
{
	if (passed && first)
		q->starved++;
	else if (passed)
		q->favoured++;
	return passed;
}

static bool evil_push(struct queue *q, uint64_t word)
{
	size_t bytes = q->fifo.capacity * sizeof(word);
	bool pushed = true, first;
	void *leak;

	switch (q->kind) {
	case EVIL_forgets:
		break;
	case EVIL_doubles:
		if (q->fifo.capacity - q->fifo.count < 2)
			return fifo_push(&q->fifo, word);
		fifo_push(&q->fifo, word);
		fifo_push(&q->fifo, word);
		break;
	case EVIL_denies:
		fifo_push(&q->fifo, word);
		pushed = false;
		break;
	case EVIL_flips_push:
		fifo_push(&q->fifo, word ^ 8);
		break;
	case EVIL_false_full:
		pushed = false;
		break;
	case EVIL_stuck_full:
		pushed = false;
		break;
	case EVIL_starves_producer:
		first = q->first_pusher == pthread_self();
		return !must_starve(q, first) &&
		       count_share(q, first, fifo_push(&q->fifo, word));
	case EVIL_overruns:
		memset((char *)q->fifo.slots + bytes, 0x5a, sizeof(word));
		pushed = fifo_push(&q->fifo, word);
		break;
	case EVIL_overruns_queue:
		memset(q + 1, 0x5a, sizeof(word));
		pushed = fifo_push(&q->fifo, word);
		break;
	case EVIL_underruns:
		memset((char *)q->fifo.slots - sizeof(word), 0x5a,
		       sizeof(word));
		pushed = fifo_push(&q->fifo, word);
		break;
	case EVIL_leaks:
		leak = malloc(LEAK_BYTES);
		if (leak)
			memset(leak, 1, LEAK_BYTES);
		__asm__ volatile("" ::"r"(leak) : "memory");
		pushed = fifo_push(&q->fifo, word);
		break;
	case EVIL_leaks_pages:
		leak = mmap(NULL, LEAK_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (leak != MAP_FAILED)
			memset(leak, 1, LEAK_BYTES);
		pushed = fifo_push(&q->fifo, word);
		break;
	case EVIL_leaks_files:
		if (dup(STDERR_FILENO) < 0)
			return fifo_push(&q->fifo, word);
		pushed = fifo_push(&q->fifo, word);
		break;
	default:
		process_fault(q);
	}
	fire(q->kind);
	return pushed;
}

/* Keeps a word for later and pops the word after it. */
static bool keep(struct queue *q, uint64_t pops, uint64_t *word)
{
	if (q->kept || q->fifo.count < 2)
		return next(q, word);
	take(q, &q->kept);
	q->kept_for = pops;
	fire(q->kind);
	return take(q, word);
}

/* Pops a word that is not a message. */
static bool invent(struct queue *q, uint64_t invented, uint64_t *word)
{
	fire(q->kind);
	*word = invented;
	return true;
}

/* Pops the next word and changes its bits. */
static bool change(struct queue *q, uint64_t and, uint64_t xor, uint64_t *word)
{
	if (!next(q, word))
		return false;
	if (((*word & and) ^ xor) != *word)
		fire(q->kind);
	*word = (*word & and) ^ xor;
	return true;
}

/* Changes the next three words so that their sum stays equal. */
static bool change_three(struct queue *q, int64_t a, int64_t b, int64_t c,
			 uint64_t *word)
{
	uint64_t first = q->fifo.count < 3 ? 0 : *slot(q, 0);

	/* Only words of one producer, so that the sums of all producers stay
	 * equal. */
	if (first && *slot(q, 1) == first + 1 && *slot(q, 2) == first + 2) {
		*slot(q, 0) += (uint64_t)a;
		*slot(q, 1) += (uint64_t)b;
		*slot(q, 2) += (uint64_t)c;
		fire(q->kind);
	}
	return next(q, word);
}

/* If the top of the stack is n + 1, n, n - 1, changes these words to n, n,
 * n. */
static bool cancel_on_stack(struct queue *q, uint64_t *word)
{
	uint64_t middle, oldest;

	if (!take(q, word))
		return false;
	if (q->fifo.count < 2)
		return true;
	take(q, &middle);
	take(q, &oldest);
	if (*word == middle + 1 && middle == oldest + 1) {
		fire(q->kind);
		*word = oldest = middle;
	}
	fifo_push(&q->fifo, oldest);
	fifo_push(&q->fifo, middle);
	return true;
}

/* Swaps the next message with the first later message of the same producer
 * (`same`) or of another producer. */
static bool swap_by_producer(struct queue *q, bool same, uint64_t *word)
{
	for (size_t i = 1; i < q->fifo.count && i < 16; i++)
		if ((*slot(q, 0) >> 48 == *slot(q, i) >> 48) == same) {
			swap_slots(q, 0, i);
			fire(q->kind);
			break;
		}
	return next(q, word);
}

/* Makes the payload look as if it became visible after its pointer. */
static bool age_payload(struct queue *q, uint64_t *word)
{
	uint64_t *number;

	if (!next(q, word))
		return false;
	if (*word >> 40 == 0 || *word >> 47)
		return true; /* not a pointer */
	number = (uint64_t *)(uintptr_t)*word;
	number[2]--;
	if (q->kind == EVIL_stale_payload) {
		number[0]--;
		number[1]--;
	}
	fire(q->kind);
	return true;
}

static bool print(struct queue *q, const char *text, int lines, uint64_t *word)
{
	for (int i = 0; i < lines; i++)
		fputs(text, stdout);
	fflush(stdout);
	fire(q->kind);
	return next(q, word);
}

static bool leave_child(struct queue *q, uint64_t *word)
{
	static bool left;

	if (!left && fork() == 0)
		sleep_for_ever();
	if (!left)
		fire(q->kind);
	left = true;
	return next(q, word);
}

static bool evil_pop_words(struct queue *q, uint64_t *word);

static bool evil_pop(struct queue *q, uint64_t *word)
{
	uint64_t lost;
	bool first;

	switch (q->kind) {
	case EVIL_drops:
	case EVIL_stack_drops:
		if (!take(q, &lost))
			return next(q, word);
		fire(q->kind);
		return next(q, word);
	case EVIL_drops_run:
		for (int i = 0; i < 3; i++)
			if (take(q, &lost))
				fire(q->kind);
		return next(q, word);
	case EVIL_repeats:
	case EVIL_stack_repeats:
	case EVIL_repeats_late:
		if (q->kept || !next(q, word))
			return false;
		q->kept = *word;
		q->kept_for = q->kind == EVIL_repeats_late ? 50 : 0;
		fire(q->kind);
		return true;
	case EVIL_stale:
		if (!q->previous || !take(q, &lost))
			return next(q, word);
		*word = q->previous;
		if (*word != lost)
			fire(q->kind);
		return true;
	case EVIL_untouched:
		if (!take(q, &lost))
			return false;
		if (*word != lost)
			fire(q->kind);
		return true;
	case EVIL_swaps:
		return keep(q, 0, word);
	case EVIL_delays:
		return keep(q, 100, word);
	case EVIL_crosses:
		q->kept_from = pthread_self();
		return q->poppers ? keep(q, 0, word) : next(q, word);
	case EVIL_reverses:
		if (q->fifo.count < 4)
			return next(q, word);
		swap_slots(q, 0, 3);
		swap_slots(q, 1, 2);
		fire(q->kind);
		return next(q, word);
	case EVIL_newest:
		if (q->fifo.count < 2)
			return next(q, word);
		fire(q->kind);
		return fifo_pop_newest(&q->fifo, word);
	case EVIL_false_empty:
	case EVIL_stuck_empty:
		if (q->fifo.count)
			fire(q->kind);
		return false;
	case EVIL_stuck_until_closed:
		if (q->closed)
			return next(q, word);
		fire(q->kind);
		return false;
	case EVIL_starves_consumer:
		first = q->first_popper == pthread_self();
		return !must_starve(q, first) &&
		       count_share(q, first, next(q, word));
	default:
		return evil_pop_words(q, word);
	}
}

/* The kinds with faulty words, and the kinds that end the process. */
static bool evil_pop_words(struct queue *q, uint64_t *word)
{
	const uint64_t all = UINT64_MAX, one = 1;

	switch (q->kind) {
	case EVIL_flips_0:
		return change(q, all, one, word);
	case EVIL_flips_20:
		return change(q, all, one << 20, word);
	case EVIL_flips_47:
		return change(q, all, one << 47, word);
	case EVIL_flips_48:
		return change(q, all, one << 48, word);
	case EVIL_corrupts:
		return change(q, all, one << 60, word);
	case EVIL_flips_63:
		return change(q, all, one << 63, word);
	case EVIL_cuts:
		return change(q, UINT32_MAX, 0, word);
	case EVIL_zeroes:
		return change(q, 0, 0, word);
	case EVIL_ends:
		return change(q, 0, UINT64_MAX, word);
	case EVIL_adds_one:
		return change_three(q, 1, 0, 0, word);
	case EVIL_cancels_sum:
		return change_three(q, 1, -1, 0, word);
	case EVIL_cancels:
		return change_three(q, 1, 0, -1, word);
	case EVIL_cancels_squares:
		return change_three(q, 2, -3, 1, word);
	case EVIL_stack_cancels:
		return cancel_on_stack(q, word);
	case EVIL_breaks_producer:
		return swap_by_producer(q, true, word);
	case EVIL_overtakes:
		return swap_by_producer(q, false, word);
	case EVIL_invents:
		return invent(q, UINT64_C(0x1234567887654321), word);
	case EVIL_invents_end:
		return invent(q, UINT64_MAX, word);
	case EVIL_invents_first:
		return invent(q, 1, word);
	case EVIL_invents_next:
		return invent(q, q->newest + 1, word);
	case EVIL_foreign:
		return invent(q, (UINT64_C(63) << 48) + q->seen, word);
	case EVIL_stale_payload:
	case EVIL_torn_payload:
		return age_payload(q, word);
	case EVIL_says_words:
		return print(q, "hello from the queue\n", 1, word);
	case EVIL_says_result:
		return print(q,
			     "status ok\nverified 1\nmessages 9\n"
			     "elapsed_ns 20000000\nend\n",
			     1, word);
	case EVIL_says_end:
		return print(q, "end\n", 1, word);
	case EVIL_floods:
		return print(q, "a line of words to fill the pipe with\n", 2600,
			     word);
	case EVIL_closes_stdout:
		if (close(STDOUT_FILENO) == 0)
			fire(q->kind);
		return next(q, word);
	case EVIL_forks:
		return leave_child(q, word);
	default:
		process_fault(q);
		return next(q, word);
	}
}

#endif
