/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handshake: the tutorial's creator and consumer with an event for each
 * message.
 * 1. The producer makes an event and pushes a message with it.
 * 2. The producer waits for the event.
 * 3. A consumer pops the message, doubles its number and sets the event.
 * 4. The producer wakes up, checks the number and destroys the event.
 *
 * Every message has its own event, as in the tutorial. With eventfd, creating
 * and closing the event are two system calls for each message; the measured
 * time includes them.
 *
 * The wait for the queue follows --wait. The wait for the event always blocks;
 * it counts as waiting for a message (wait_empty_ns), because the answer is a
 * message.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "oneshot.h"
#include "histogram.h"
#include "latency.h"
#include "ringbench_memory.h"

static const char *const event_names[] = { "futex", "cond", "sem", "eventfd",
					   NULL };

/* The message. It has its own cache lines. */
struct task {
	uint64_t item;
	int64_t set_ns; /* time at which the consumer set the event */
	/* 1: not answered. The thread that changes 1 to 0 answers the
	 * message. */
	uint64_t ready;
	struct oneshot event;
} RINGBENCH_ALIGNED;

/*
 * The state of a producer. A producer has one message at a time, so one task is
 * enough.
 */
struct producer_state {
	struct task task;
	/* number in the last message, for the check */
	uint64_t item RINGBENCH_ALIGNED;
	/* messages whose number came back doubled */
	uint64_t confirmed;
	enum oneshot_type type;
	bool open; /* the event exists */
	int error; /* -errno if the next event could not be made */
	struct histogram wakes;
} RINGBENCH_ALIGNED;

/*
 * The state of a consumer. `done` is its part of queue.task_done(): the number
 * of unfinished messages is the number of messages sent minus the sum of `done`
 * over all consumers. Python has one counter for all threads. In C, such a
 * counter would be a cache line that all threads write, and it would dominate
 * the result.
 */
struct consumer_state {
	struct producer_state *states;
	uint64_t producers;
	uint64_t done;
} RINGBENCH_ALIGNED;

static int handshake_complete(struct cell *cell,
			      char reason[SCENARIO_REASON_MAX])
{
	if (cell->queues == 1)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "handshake has one queue");
	return -1;
}

/*
 * A stack is allowed. The main thread pushes the sentinels after all producers
 * have ended, and each producer has waited for its last answer. So no message
 * is left that a sentinel could overtake.
 */
static int handshake_check(const struct cell *cell,
			   char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags & BACKEND_KEEPS_NOTHING)
		why = "keeps no messages, so no message can be answered";
	else if (backend->flags & (BACKEND_ONE_POINTER | BACKEND_NOT_A_QUEUE))
		why = "carries one pointer at a time and cannot carry a "
		      "sentinel";
	else if (cell->producers > 1 &&
		 !(backend->flags & BACKEND_MULTI_PRODUCER))
		why = "is for one producer";
	else if (cell->consumers > 1 &&
		 !(backend->flags & BACKEND_MULTI_CONSUMER))
		why = "is for one consumer";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s: %s", backend->id, why);
	return -1;
}

static int handshake_threads(const struct cell *cell)
{
	return (int)(cell->producers + cell->consumers);
}

static void handshake_shape(struct rig *rig)
{
	rig->queues = 1;
	for (int i = 0; i < rig->threads; i++) {
		bool produces = i < rig->cell->producers;

		rig->parts[i].role = produces ? "producer" : "consumer";
		rig->parts[i].stage = !produces;
		rig->parts[i].loop = rig_loop(rig, produces ? "relay_source"
							    : "relay_stage");
	}
}

/* Makes the next message of the producer. */
static bool make_task(struct worker *me, uint64_t *word)
{
	struct producer_state *producer = me->state;
	struct task *task = &producer->task;

	producer->error = oneshot_init(&task->event, producer->type);
	if (producer->error)
		return false;
	producer->open = true;
	task->item = ++producer->item;
	/*
	 * Pairs with the exchange in answer(). A correct queue orders these
	 * writes anyway. With this pair, a message that a faulty queue delivers
	 * twice is counted as a repetition, and no thread touches a destroyed
	 * event.
	 */
	ringbench_store_release(&task->ready, 1);
	*word = (uintptr_t)task;
	return true;
}

/*
 * The producer waits for the answer and ignores the stop flag. The answer
 * always comes: consumers end by sentinels, and the main thread pushes the
 * sentinels after the last producer has ended. So while a producer waits, all
 * consumers still pop messages. Only a queue that loses the message keeps the
 * producer waiting, and then the row is correctly `hung`.
 *
 * So all messages are processed when the producers have ended. Waiting for the
 * producers is the equivalent of queue.join().
 */
static void await_answer(struct worker *me, uint64_t word)
{
	struct producer_state *producer = me->state;
	struct task *task = &producer->task;
	int64_t now_ns;

	(void)word;
	waitclock_start_exact(&me->empty);
	oneshot_wait(&task->event);
	now_ns = ringbench_now_ns();
	/*
	 * Does the work of waitclock_stop() without a second read of the clock.
	 */
	me->empty.tries++;
	waitclock_add(&me->empty, now_ns);
	histogram_record(&producer->wakes, now_ns - task->set_ns);
	if (task->item == 2 * producer->item)
		producer->confirmed++;
	else
		me->order.foreign++;
	oneshot_destroy(&task->event);
	producer->open = false;
}

/*
 * Wakes the producer. The task belongs to the producer again after this call.
 */
static void set_event(struct task *task)
{
	task->set_ns = ringbench_now_ns();
	oneshot_set(&task->event);
}

/*
 * Handles a word that no producer sent. The word may have replaced a message,
 * whose producer would wait for ever. So all waiting producers are woken
 * without doubling their number. The run then ends and verification fails.
 */
static void release_producers(struct consumer_state *consumer)
{
	for (uint64_t i = 0; i < consumer->producers; i++) {
		struct task *task = &consumer->states[i].task;

		if (ringbench_exchange_acq_rel(&task->ready, 0))
			set_event(task);
	}
}

/* The consumer doubles the number, counts the message and sets the event. */
static bool answer(struct worker *me, uint64_t *word)
{
	struct consumer_state *consumer = me->state;
	uint64_t offset = *word - (uintptr_t)consumer->states;
	struct task *task;

	if (offset >= consumer->producers * sizeof(*consumer->states) ||
	    offset % sizeof(*consumer->states)) {
		me->order.foreign++;
		release_producers(consumer);
		return false;
	}
	task = &consumer->states[offset / sizeof(*consumer->states)].task;
	if (!ringbench_exchange_acq_rel(&task->ready, 0)) {
		me->order.duplicates++;
		return false;
	}
	task->item *= 2;
	consumer->done++;
	set_event(task);
	return false;
}

static enum oneshot_type event_type_of(const struct cell *cell)
{
	/*
	 * The types are in the order of event_names[]; the values of the
	 * parameter start with 1.
	 */
	static const enum oneshot_type types[] = { ONESHOT_ON_FUTEX,
						   ONESHOT_ON_COND,
						   ONESHOT_ON_SEM,
						   ONESHOT_ON_EVENTFD };

	return types[cell_value(cell, "event") - 1];
}

/* Tries to make one event for each producer. Returns 0 or -errno. */
static int try_events(struct producer_state *states, int64_t count)
{
	int error = 0;
	int64_t made = 0;

	while (made < count && !error) {
		error = oneshot_init(&states[made].task.event,
				     states[made].type);
		made += !error;
	}
	while (made > 0)
		oneshot_destroy(&states[--made].task.event);
	return error;
}

static int handshake_load(struct rig *rig)
{
	size_t producers = (size_t)rig->cell->producers;
	size_t consumers = (size_t)rig->cell->consumers;
	struct producer_state *states = ringbench_alloc_lines(
		producers * sizeof(*states) +
		consumers * sizeof(struct consumer_state));
	struct consumer_state *consumer_states;

	if (!states)
		return -ENOMEM;
	consumer_states = (struct consumer_state *)(states + producers);
	rig->state = states;
	for (size_t i = 0; i < (size_t)rig->threads; i++) {
		struct worker *worker = &rig->workers[i];

		worker->in = worker->out = &rig->channels[0];
		if (i < producers) {
			/*
			 * The numbers of the producers differ, also after
			 * doubling.
			 */
			states[i].item = (2 * i + 1) << 48;
			states[i].type = event_type_of(rig->cell);
			worker->state = &states[i];
			worker->work = make_task;
			worker->after = await_answer;
			continue;
		}
		consumer_states[i - producers].states = states;
		consumer_states[i - producers].producers = producers;
		worker->state = &consumer_states[i - producers];
		worker->work = answer;
		worker->out = NULL;
		/*
		 * A sentinel after the last message ends the consumer.
		 */
		worker->limit = UINT64_MAX;
	}
	return try_events(states, rig->cell->producers);
}

static void count_rest(void *arg, uint64_t word)
{
	(void)word;
	++*(uint64_t *)arg;
}

static const char *no_event(int error)
{
	static char why[96];

	snprintf(why, sizeof(why), "cannot make an event: %s",
		 strerror(-error));
	return why;
}

/*
 * All messages must be answered, and the queue must be empty. A word that is
 * left in the queue, or whose task was already answered, is a repetition.
 */
static void handshake_verify(struct rig *rig, struct verification *verification)
{
	const struct producer_state *states = rig->state;
	uint64_t sent = 0, done = 0, duplicates = 0, foreign = 0, wrong = 0;

	rig->backend->drain(&rig->channels[0], count_rest,
			    &verification->left_over);
	for (int i = 0; i < rig->threads; i++) {
		const struct worker *worker = &rig->workers[i];

		if (i < rig->cell->producers) {
			sent += worker->messages;
			wrong += worker->order.foreign;
			verification->messages += states[i].confirmed;
			if (states[i].error)
				verification->failure = no_event(
					states[i].error);
			continue;
		}
		done += ((const struct consumer_state *)worker->state)->done;
		duplicates += worker->order.duplicates;
		foreign += worker->order.foreign;
	}
	verification->lost = sent > done ? sent - done : 0;
	if (verification->lost < foreign)
		verification->lost = foreign;
	verification->repeated = duplicates + verification->left_over;
	if (done > sent)
		verification->repeated += done - sent;
	if (wrong)
		verification->failure =
			"an event was set before the number in the message "
			"was doubled";
}

/*
 * Time from setting the event to the wake-up, for the messages of all
 * producers.
 */
static void handshake_set_metrics(struct rig *rig, struct record *result)
{
	const struct producer_state *states = rig->state;
	struct histogram wakes = { 0 };

	for (int i = 0; i < rig->cell->producers; i++)
		histogram_merge(&wakes, &states[i].wakes);
	latency_set(result, "wake", &wakes);
}

/* If the last push of a producer failed, its event still exists. */
static void handshake_unload(struct rig *rig)
{
	struct producer_state *states = rig->state;

	for (int i = 0; states && i < rig->cell->producers; i++)
		if (states[i].open)
			oneshot_destroy(&states[i].task.event);
	free(states);
}

/* clang-format off */
static const struct param handshake_params[] = {
	{ "event", "WHAT",
	  "kind of event on which the producer waits: futex, cond, sem or "
	  "eventfd", "futex",
	  PARAM_CHOICE, .choices = event_names },
	{ NULL },
};

#define WAKE "handshake: from setting the event until the waiting thread runs"
static const struct column handshake_metrics[] = {
	LATENCY_P50("wake", WAKE),
	LATENCY_P99("wake", WAKE),
	LATENCY_MAX("wake", WAKE),
	LATENCY_HISTOGRAM("wake", WAKE),
	{ NULL },
};

static const struct table handshake_tables[] = {
	{ .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" }, { "event" },
		{ "shape", "PxC" }, { "objective", "msg/s" }, { "idle" },
		{ "wake_p50_ns", "p50" }, { "wake_p99_ns", "p99" },
		{ NULL } } },
	{ NULL },
};

static const struct picture handshake_pictures[] = {
	{ .name = "wakeup", .kind = PICTURE_HISTOGRAM,
	  .title = "distribution of wake-up times",
	  .x_title = "from setting the event until the waiting thread runs, "
		     "ns",
	  .y_title = "share of the wake-ups that were shorter",
	  .column = "wake_histogram" },
	{ NULL },
};
/* clang-format on */

static const char *const handshake_roles[] = { "producer", "consumer", NULL };

const struct scenario scenario_handshake = {
	.id = "handshake",
	.summary = "a producer waits for an event after each message",
	.params = handshake_params,
	.metrics = handshake_metrics,
	.tables = handshake_tables,
	.pictures = handshake_pictures,
	.roles = handshake_roles,
	/*
	 * The size without the event, whose size depends on its kind: 4 bytes
	 * for a futex, 8 bytes in the kernel for an eventfd, 32 for a
	 * semaphore, 89 for a mutex with its condition variable.
	 */
	.payload_bytes = offsetof(struct task, event),
	.default_queues = 1,
	.default_producers = 1,
	.default_consumers = 1,
	.sentinel_only = true,
	.complete = handshake_complete,
	.check = handshake_check,
	.threads = handshake_threads,
	.shape = handshake_shape,
	.load = handshake_load,
	.verify = handshake_verify,
	.set_metrics = handshake_set_metrics,
	.unload = handshake_unload,
};
