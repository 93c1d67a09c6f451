/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The faults of ck_fifo_mpmc of Concurrency Kit 0.7.1 with reused nodes (see
 * bench/backends/ck_fifo_mpmc.c), reproduced without chance. The test compiles
 * the library's source with a stop before each load and each compare-and-swap.
 * One thread is held at such a stop while other threads continue.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <semaphore.h>

#include <ck_md.h>
#include <ck_pr.h>

/* The thread stops once, before this load or this compare-and-swap; 0:
 * never. */
static __thread int loads_to_stop, swaps_to_stop;
static __thread struct late *self;

static void step(int *to_stop);

#undef ck_pr_load_ptr
#define ck_pr_load_ptr(source) \
	(step(&loads_to_stop), CK_PR_LOAD_PTR_SAFE(source))
#define ck_pr_cas_ptr_2(target, old, new) \
	(step(&swaps_to_stop), (ck_pr_cas_ptr_2)(target, old, new))
#include <ck_fifo.h>

static ck_fifo_mpmc_t fifo;
static ck_fifo_mpmc_entry_t nodes[5];

/* A thread that pushes or pops once and is held in the middle of the
 * operation. */
struct late {
	pthread_t thread;
	sem_t stopped, go_on;
	int loads, swaps; /* number of the load or swap at which the thread
			     stops, from 1 */
	ck_fifo_mpmc_entry_t *node; /* node to push; NULL: the thread pops */
	uintptr_t value;
	bool found;
};

static void step(int *to_stop)
{
	if (*to_stop == 0 || --*to_stop > 0)
		return;
	sem_post(&self->stopped);
	while (sem_wait(&self->go_on) != 0)
		;
}

static bool pop(uintptr_t *value, ck_fifo_mpmc_entry_t **node)
{
	void *word = NULL;
	bool found;

	*node = NULL;
	found = ck_fifo_mpmc_dequeue(&fifo, &word, node);
	*value = (uintptr_t)word;
	return found;
}

static void push(ck_fifo_mpmc_entry_t *node, uintptr_t value)
{
	ck_fifo_mpmc_enqueue(&fifo, node, (void *)value);
}

static void *late_main(void *arg)
{
	struct late *late = arg;
	ck_fifo_mpmc_entry_t *node;

	self = late;
	loads_to_stop = late->loads;
	swaps_to_stop = late->swaps;
	if (late->node)
		push(late->node, late->value);
	else
		late->found = pop(&late->value, &node);
	return NULL;
}

static void start_and_hold(struct late *late)
{
	sem_init(&late->stopped, 0, 0);
	sem_init(&late->go_on, 0, 0);
	assert_int_equal(pthread_create(&late->thread, NULL, late_main, late),
			 0);
	while (sem_wait(&late->stopped) != 0)
		;
}

static void let_go(struct late *late)
{
	sem_post(&late->go_on);
	pthread_join(late->thread, NULL);
}

/* Returns the node, which is free again. */
static ck_fifo_mpmc_entry_t *assert_pop(uintptr_t expected)
{
	ck_fifo_mpmc_entry_t *node;
	uintptr_t value;

	assert_true(pop(&value, &node));
	assert_int_equal(value, expected);
	return node;
}

static void assert_empty(void)
{
	ck_fifo_mpmc_entry_t *node;
	uintptr_t value;

	assert_false(pop(&value, &node));
}

/* Makes an empty queue. Skips the test with another version of the library. */
static void set_up(void)
{
	if (strcmp(CK_VERSION, "0.7.1") != 0)
		skip();
	ck_fifo_mpmc_init(&fifo, &nodes[0]);
}

static void a_delayed_pop_overlooks_a_message(void **state)
{
	struct late late = {
		.loads = 3
	}; /* the load of the tail, after the load of the head */
	ck_fifo_mpmc_entry_t *node;

	(void)state;
	set_up();
	push(&nodes[1], 1);
	push(&nodes[2], 2);
	start_and_hold(&late);
	/* The node that was the head becomes the tail again. The queue always
	 * contains a message. */
	node = assert_pop(1);
	assert_ptr_equal(node, &nodes[0]);
	push(node, 3);
	let_go(&late);
	assert_false(late.found);
	assert_pop(2);
	assert_pop(3);
	assert_empty();
}

static void an_undelayed_pop_finds_the_message(void **state)
{
	struct late late = { .loads = 3 };

	(void)state;
	set_up();
	push(&nodes[1], 1);
	push(&nodes[2], 2);
	start_and_hold(&late);
	let_go(&late);
	assert_true(late.found);
	assert_int_equal(late.value, 1);
}

static void a_push_appends_to_a_node_that_is_not_in_the_queue(void **state)
{
	struct late first = { .swaps = 1, .node = &nodes[2], .value = 10 };
	struct late other = { .swaps = 1, .value = 20 };

	(void)state;
	set_up();
	push(&nodes[1], 1);
	start_and_hold(&first); /* the thread has loaded node 1 as the tail */
	assert_ptr_equal(assert_pop(1), &nodes[0]);
	push(&nodes[3], 2);
	other.node = assert_pop(2);
	assert_ptr_equal(other.node, &nodes[1]);
	start_and_hold(&other); /* the thread is about to append node 1 */
	let_go(&first);
	/* Message 10 was pushed but cannot be popped; message 11 can. */
	assert_empty();
	push(&nodes[0], 11);
	assert_pop(11);
	assert_empty();
	/* Message 10 is not lost: it appears after the other push has
	 * completed. */
	let_go(&other);
	assert_pop(20);
	assert_pop(10);
	assert_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_delayed_pop_overlooks_a_message),
		cmocka_unit_test(an_undelayed_pop_finds_the_message),
		cmocka_unit_test(
			a_push_appends_to_a_node_that_is_not_in_the_queue),
	};

	return cmocka_run_group_tests_name("ck_fifo", tests, NULL, NULL);
}
