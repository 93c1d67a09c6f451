/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The progress classes of this project's rings, found by experiment. k threads
 * are suspended at a TEST_DELAY of a push or pop, for each delay and each k up
 * to the capacity, and another thread tries to push and pop. If this thread
 * cannot, the class is "blocking". No result depends on time, because each
 * attempt has a fixed number of steps.
 */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static void delay(void);
#define RINGBENCH_TEST_DELAY() delay()
#define RINGBENCH_CHECK

#include "backend.h"
#include "mpmc_ring.h"
#include "scq.h"

/* The progress classes that the backends declare. */
extern const struct backend backend_spsc_ring, backend_mpmc_ring, backend_scq;

enum {
	CAPACITY_MAX = 8,
	GIVE_UP = 1000, /* the other thread gives up after 1000 delays */
};

/* A ring of the kind that its subject describes. */
struct tried {
	struct spsc_ring spsc;
	struct mpmc_ring mpmc;
	struct scq scq;
};

struct end {
	struct spsc_producer producer;
	struct spsc_consumer consumer;
	struct mpmc_end mpmc;
};

struct subject {
	void (*make)(struct tried *tried, size_t capacity);
	void (*open)(struct tried *tried, struct end *end);
	bool (*push)(struct tried *tried, struct end *end, uint64_t word);
	bool (*pop)(struct tried *tried, struct end *end, uint64_t *word);
	void (*free)(struct tried *tried);
};

/* A thread that is suspended at the delay number `at` of its operation. */
struct victim {
	pthread_t thread;
	const struct subject *subject;
	struct tried *tried;
	bool pushes;
	uint64_t word; /* word that was pushed or popped */
	bool done; /* the operation succeeded after the thread was resumed */
	bool suspended;
	int at;
	sem_t stopped; /* it is suspended, or its operation is over */
	sem_t go_on;
};

static _Thread_local struct victim *victim;
static _Thread_local int given_up; /* delays left; 0: no limit */
static jmp_buf blocked;

static void delay(void)
{
	if (victim && --victim->at == 0) {
		victim->suspended = true;
		sem_post(&victim->stopped);
		sem_wait(&victim->go_on);
	}
	if (given_up && --given_up == 0)
		longjmp(blocked, 1);
}

static void *suffer(void *arg)
{
	struct end end;

	victim = arg;
	victim->subject->open(victim->tried, &end);
	if (victim->pushes)
		victim->done = victim->subject->push(victim->tried, &end,
						     victim->word);
	else
		victim->done = victim->subject->pop(victim->tried, &end,
						    &victim->word);
	sem_post(&victim->stopped);
	return NULL;
}

struct attempt {
	const struct subject *subject;
	size_t capacity;
	bool pushes; /* the suspended threads push; false: they pop */
	int at;
	size_t victims;
	/* The operations that the other thread completed. */
	bool reached;  /* every suspended thread has reached its delay */
	size_t pushed; /* number of pushes after that without a failed push */
	size_t popped; /* number of pops at the start without a failed pop */
	bool hangs;    /* the operation of the other thread does not return */
	uint64_t sum;  /* sum of the remaining words and the threads' words */
};

static void suspend(struct attempt *attempt, struct tried *tried,
		    struct victim *victims)
{
	attempt->reached = true;
	for (size_t i = 0; i < attempt->victims; i++) {
		struct victim *v = &victims[i];

		*v = (struct victim){ .subject = attempt->subject,
				      .tried = tried,
				      .pushes = attempt->pushes,
				      .word = 1000 + i,
				      .at = attempt->at };
		sem_init(&v->stopped, 0, 0);
		sem_init(&v->go_on, 0, 0);
		pthread_create(&v->thread, NULL, suffer, v);
		sem_wait(&v->stopped);
		attempt->reached &= v->suspended;
	}
}

static void resume(struct attempt *attempt, struct victim *victims)
{
	for (size_t i = 0; i < attempt->victims; i++) {
		sem_post(&victims[i].go_on);
		pthread_join(victims[i].thread, NULL);
		sem_destroy(&victims[i].stopped);
		sem_destroy(&victims[i].go_on);
		if (victims[i].done && victims[i].pushes)
			attempt->sum += victims[i].word;
		else if (victims[i].done)
			attempt->sum -= victims[i].word;
	}
}

/* Pops until a pop fails, then pushes until a push fails, then pops again. */
static void go_on(struct attempt *attempt, struct tried *tried, struct end *end)
{
	const struct subject *subject = attempt->subject;
	uint64_t word;

	given_up = GIVE_UP;
	if (setjmp(blocked)) {
		attempt->hangs = true;
		return;
	}
	while (attempt->popped < attempt->capacity &&
	       subject->pop(tried, end, &word)) {
		attempt->popped++;
		attempt->sum -= word;
	}
	given_up = GIVE_UP;
	while (attempt->pushed < attempt->capacity &&
	       subject->push(tried, end, attempt->pushed + 1)) {
		attempt->pushed++;
		attempt->sum += attempt->pushed;
	}
	given_up = 0;
}

static void try(struct attempt *attempt, size_t filled)
{
	const struct subject *subject = attempt->subject;
	static struct tried tried;
	static struct end end;
	struct victim victims[CAPACITY_MAX];
	uint64_t word;

	attempt->pushed = attempt->popped = attempt->sum = 0;
	attempt->hangs = false;
	subject->make(&tried, attempt->capacity);
	subject->open(&tried, &end);
	for (size_t i = 1; i <= filled; i++) {
		assert_true(subject->push(&tried, &end, i));
		attempt->sum += i;
	}
	suspend(attempt, &tried, victims);
	go_on(attempt, &tried, &end);
	resume(attempt, victims);
	/* After all threads have been resumed, each word is popped once. */
	if (!attempt->hangs) {
		while (subject->pop(&tried, &end, &word))
			attempt->sum -= word;
		assert_int_equal(attempt->sum, 0);
	}
	subject->free(&tried);
}

/*
 * The smallest number of suspended threads that stop the other thread, which
 * then can neither push nor pop, or whose operation does not return. 0: as many
 * suspended threads as the capacity do not stop it.
 */
static size_t stopped_by(const struct subject *subject, size_t capacity,
			 bool pushes, size_t filled)
{
	size_t least = 0;
	bool reached = true;

	for (int at = 1; reached; at++)
		for (size_t k = 1; k <= capacity; k++) {
			struct attempt attempt = { .subject = subject,
						   .capacity = capacity,
						   .pushes = pushes,
						   .at = at,
						   .victims = k };

			try(&attempt, filled);
			reached = attempt.reached;
			if (!reached)
				break;
			if ((attempt.hangs || attempt.pushed == 0) &&
			    (least == 0 || k < least))
				least = k;
		}
	return least;
}

static void scq_make(struct tried *tried, size_t capacity)
{
	assert_int_equal(scq_init(&tried->scq, capacity, 0), 0);
}

static void scq_open(struct tried *tried, struct end *end)
{
	(void)tried;
	(void)end;
}

static bool scq_try_push(struct tried *tried, struct end *end, uint64_t word)
{
	(void)end;
	return scq_push(&tried->scq, word);
}

static bool scq_try_pop(struct tried *tried, struct end *end, uint64_t *word)
{
	(void)end;
	return scq_pop(&tried->scq, word);
}

static void scq_end(struct tried *tried)
{
	scq_free(&tried->scq);
}

static const struct subject scq_subject = { scq_make, scq_open, scq_try_push,
					    scq_try_pop, scq_end };

static void as_many_suspended_threads_as_the_capacity_stop_scq(void **state)
{
	(void)state;
	for (size_t capacity = 1; capacity <= CAPACITY_MAX; capacity++) {
		assert_int_equal(stopped_by(&scq_subject, capacity, true, 0),
				 capacity);
		assert_int_equal(
			stopped_by(&scq_subject, capacity, false, capacity),
			capacity);
	}
	assert_int_equal(backend_scq.push_progress, PROGRESS_BLOCKING);
	assert_int_equal(backend_scq.pop_progress, PROGRESS_BLOCKING);
}

static void each_suspended_thread_takes_one_slot_of_scq(void **state)
{
	(void)state;
	for (size_t k = 1; k <= CAPACITY_MAX; k++)
		for (int at = 1; at <= 3; at++) {
			struct attempt attempt = { .subject = &scq_subject,
						   .capacity = CAPACITY_MAX,
						   .at = at,
						   .victims = k };

			attempt.pushes = true;
			try(&attempt, 0);
			assert_true(attempt.reached);
			assert_int_equal(attempt.pushed, CAPACITY_MAX - k);
			attempt.pushes = false;
			try(&attempt, CAPACITY_MAX);
			assert_true(attempt.reached);
			assert_int_equal(attempt.popped, CAPACITY_MAX - k);
			assert_int_equal(attempt.pushed, CAPACITY_MAX - k);
		}
}

static void mpmc_make(struct tried *tried, size_t capacity)
{
	assert_int_equal(mpmc_ring_init(&tried->mpmc, capacity), 0);
}

static void mpmc_make_shared(struct tried *tried, size_t capacity)
{
	mpmc_make(tried, capacity);
	tried->mpmc.phase = MPMC_PHASE_MPMC;
}

static void mpmc_open(struct tried *tried, struct end *end)
{
	mpmc_end_open(&end->mpmc, &tried->mpmc);
}

static bool mpmc_try_push(struct tried *tried, struct end *end, uint64_t word)
{
	(void)tried;
	return mpmc_push(&end->mpmc, word);
}

static bool mpmc_try_pop(struct tried *tried, struct end *end, uint64_t *word)
{
	(void)tried;
	return mpmc_pop(&end->mpmc, word);
}

static void mpmc_end(struct tried *tried)
{
	mpmc_ring_free(&tried->mpmc);
}

static const struct subject mpmc_subject = { mpmc_make, mpmc_open,
					     mpmc_try_push, mpmc_try_pop,
					     mpmc_end };
static const struct subject mpmc_shared_subject = { mpmc_make_shared, mpmc_open,
						    mpmc_try_push, mpmc_try_pop,
						    mpmc_end };

static void one_suspended_thread_stops_a_shared_mpmc_ring(void **state)
{
	(void)state;
	for (size_t capacity = 2; capacity <= CAPACITY_MAX; capacity *= 2) {
		struct attempt attempt = { .subject = &mpmc_shared_subject,
					   .capacity = capacity,
					   .pushes = true,
					   .at = 1,
					   .victims = 1 };

		/* The suspended push has the first slot: no pop succeeds. */
		try(&attempt, 0);
		assert_true(attempt.reached);
		assert_int_equal(attempt.popped, 0);
		/* The suspended pop has the next slot: no push succeeds. */
		assert_int_equal(stopped_by(&mpmc_shared_subject, capacity,
					    false, capacity),
				 1);
	}
	assert_int_equal(backend_mpmc_ring.push_progress, PROGRESS_BLOCKING);
	assert_int_equal(backend_mpmc_ring.pop_progress, PROGRESS_BLOCKING);
}

static void a_thread_suspended_during_the_change_stops_mpmc_ring(void **state)
{
	struct attempt attempt = { .subject = &mpmc_subject,
				   .capacity = 4,
				   .pushes = true,
				   .at = 1,
				   .victims = 1 };

	(void)state;
	try(&attempt, 2); /* the change moves two messages */
	assert_true(attempt.reached);
	assert_true(attempt.hangs);
}

static void spsc_make(struct tried *tried, size_t capacity)
{
	assert_int_equal(spsc_ring_init(&tried->spsc, capacity), 0);
}

static void spsc_end(struct tried *tried)
{
	spsc_ring_free(&tried->spsc);
}

/* Each of the two threads opens only the end that it uses. */
static void spsc_open(struct tried *tried, struct end *end)
{
	(void)tried;
	end->producer.at = NULL;
	end->consumer.at = NULL;
}

static bool spsc_try_push(struct tried *tried, struct end *end, uint64_t word)
{
	if (!end->producer.at)
		spsc_producer_open(&end->producer, &tried->spsc);
	return spsc_push(&end->producer, word);
}

static bool spsc_try_pop(struct tried *tried, struct end *end, uint64_t *word)
{
	if (!end->consumer.at)
		spsc_consumer_open(&end->consumer, &tried->spsc);
	return spsc_pop(&end->consumer, word);
}

static const struct subject spsc_subject = { spsc_make, spsc_open,
					     spsc_try_push, spsc_try_pop,
					     spsc_end };

/* The consumer still pops all messages that were pushed before. */
static bool try_suspended_producer(size_t capacity, size_t filled)
{
	struct attempt attempt = {
		.subject = &spsc_subject, .pushes = true, .at = 1, .victims = 1
	};
	static struct tried tried;
	struct victim producer;
	struct end end;
	uint64_t word;

	spsc_make(&tried, capacity);
	spsc_open(&tried, &end);
	for (size_t i = 1; i <= filled; i++)
		assert_true(spsc_try_push(&tried, &end, i));
	suspend(&attempt, &tried, &producer);
	for (size_t i = 1; i <= filled; i++) {
		assert_true(spsc_try_pop(&tried, &end, &word));
		assert_int_equal(word, i);
	}
	if (attempt.reached)
		assert_false(spsc_try_pop(&tried, &end, &word));
	resume(&attempt, &producer);
	assert_true(producer.done);
	assert_true(spsc_try_pop(&tried, &end, &word));
	assert_int_equal(word, producer.word);
	spsc_end(&tried);
	return attempt.reached;
}

/* The producer can still use all slots except those with messages. */
static bool try_suspended_consumer(size_t capacity, size_t filled)
{
	struct attempt attempt = { .subject = &spsc_subject,
				   .at = 1,
				   .victims = 1 };
	static struct tried tried;
	struct victim consumer;
	struct end end;
	size_t pushed;

	spsc_make(&tried, capacity);
	spsc_open(&tried, &end);
	for (pushed = 0; pushed < filled; pushed++)
		assert_true(spsc_try_push(&tried, &end, pushed + 1));
	suspend(&attempt, &tried, &consumer);
	while (spsc_try_push(&tried, &end, pushed + 1))
		pushed++;
	assert_int_equal(pushed, capacity);
	resume(&attempt, &consumer);
	assert_true(consumer.done);
	assert_int_equal(consumer.word, 1);
	assert_true(spsc_try_push(&tried, &end, pushed + 1));
	spsc_end(&tried);
	return attempt.reached;
}

static void a_suspended_thread_does_not_stop_spsc_ring(void **state)
{
	int producers = 0, consumers = 0;

	(void)state;
	for (size_t capacity = 1; capacity <= 20; capacity++) {
		for (size_t filled = 0; filled < capacity; filled++)
			producers += try_suspended_producer(capacity, filled);
		for (size_t filled = 1; filled <= capacity; filled++)
			consumers += try_suspended_consumer(capacity, filled);
	}
	assert_true(producers > 0 && consumers > 0);
	assert_int_equal(backend_spsc_ring.push_progress, PROGRESS_WAIT_FREE);
	assert_int_equal(backend_spsc_ring.pop_progress, PROGRESS_WAIT_FREE);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(as_many_suspended_threads_as_the_capacity_stop_scq),
		TEST(each_suspended_thread_takes_one_slot_of_scq),
		TEST(one_suspended_thread_stops_a_shared_mpmc_ring),
		TEST(a_thread_suspended_during_the_change_stops_mpmc_ring),
		TEST(a_suspended_thread_does_not_stop_spsc_ring),
	};

	alarm(900);
	return cmocka_run_group_tests_name("suspended", tests, NULL, NULL);
}
