/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handshake: the tutorial's creator, consumer and event. A producer puts a
 * message on the queue and waits until a consumer has doubled its number and
 * set the event that came with it. Every message has an event of its own, made
 * and destroyed for it, as in the tutorial: with eventfd that is two system
 * calls more, and they belong to its price.
 *
 * The wait for the queue follows --wait; the wait for the event always blocks.
 * It counts as waiting for a message (wait_empty_ns): the answer is one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "oneshot.h"
#include "histogram.h"
#include "ringbench_memory.h"

static const char *const event_names[] = { "futex", "cond", "sem", "eventfd",
					   NULL };

/* What goes from one thread to the other; on lines of its own. */
struct task {
	uint64_t item;
	int64_t set_ns; /* when the event was set, by the consumer's clock */
	uint64_t ready; /* 1: waits for a consumer; who makes it 0 answers */
	struct oneshot event;
} RINGBENCH_ALIGNED;

/* What a producer keeps. It has one message at a time, so one is enough. */
struct producer_state {
	struct task task;
	uint64_t item RINGBENCH_ALIGNED; /* what it sent, for the check */
	uint64_t confirmed;		 /* messages that came back doubled */
	enum oneshot_type type;
	bool open; /* the event is made and not destroyed yet */
	int error; /* why there was no event for the next message */
	struct histogram wakes;
} RINGBENCH_ALIGNED;

/*
 * Of a consumer. `done` is its part of queue.task_done(): what is unfinished
 * is the number of messages sent minus the sum of these. One count for all
 * threads, as in Python, would be a line that all of them write, and the
 * figures would be that line's.
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
 * A stack is fine: sentinels come when all producers have ended, and as each
 * of them has waited for its last answer, there is nothing to overtake.
 */
static int handshake_check(const struct cell *cell,
			   char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags & BACKEND_KEEPS_NOTHING)
		why = "keeps no message, so none can be answered";
	else if (backend->flags & (BACKEND_ONE_POINTER | BACKEND_NOT_A_QUEUE))
		why = "carries one pointer at a time, and no sentinel";
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

/* The producer's next message. */
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
	 * Pairs with the exchange in answer(). A sound queue orders all this
	 * anyway; with this pair a message that a faulty one hands out twice is
	 * a message too many, and no access to an event that is gone.
	 */
	ringbench_store_release(&task->ready, 1);
	*word = (uintptr_t)task;
	return true;
}

/*
 * The producer waits for the answer, whatever the stop flag says. It always
 * gets one: consumers end by sentinels, which the main thread puts after the
 * last producer has ended, so as long as this one waits, all consumers take
 * what is on the queue. Only a queue that drops its message leaves it waiting,
 * and then the observation is rightly `hung`.
 *
 * It also means that all messages are processed once the producers have ended:
 * waiting for them is queue.join().
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
	/* waitclock_stop() with the same look at the clock. */
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

/* Lets the producer go. The task is its own again from there on. */
static void set_event(struct task *task)
{
	task->set_ns = ringbench_now_ns();
	oneshot_set(&task->event);
}

/*
 * A word that nobody sent: it stood for a message whose producer would wait
 * for ever. All that wait are let go with what they sent, undoubled, so that
 * the run ends and fails by verification.
 */
static void release_producers(struct consumer_state *consumer)
{
	for (uint64_t i = 0; i < consumer->producers; i++) {
		struct task *task = &consumer->states[i].task;

		if (ringbench_exchange_acq_rel(&task->ready, 0))
			set_event(task);
	}
}

/* The consumer doubles, counts, and tells. */
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
	/* In the order of event_names, which count from 1. */
	static const enum oneshot_type types[] = { ONESHOT_ON_FUTEX,
						   ONESHOT_ON_COND,
						   ONESHOT_ON_SEM,
						   ONESHOT_ON_EVENTFD };

	return types[cell_value(cell, "event") - 1];
}

/* Whether there can be as many events at once as producers. */
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
			/* Doubled, none is another one's. */
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
		/* Sentinels come after the last message. */
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
 * Nothing may be unfinished, and nothing left: all that was sent has been
 * answered, so a word that is left, or came for a message that nobody waited
 * for, is one too many.
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
			"an event was set before the number was "
			"doubled";
}

/* From set to wake-up, over all messages of all producers. */
static void handshake_set_metrics(struct rig *rig, struct record *result)
{
	const struct producer_state *states = rig->state;
	struct histogram wakes = { 0 };
	char text[RECORD_FIELD_MAX];

	_Static_assert((int)HISTOGRAM_TEXT_MAX <= (int)RECORD_FIELD_MAX,
		       "a histogram fits a field");
	for (int i = 0; i < rig->cell->producers; i++)
		histogram_merge(&wakes, &states[i].wakes);
	if (wakes.count == 0)
		return;
	histogram_format(&wakes, text, sizeof(text));
	record_set_integer(result, column_of("wake_p50_ns"),
			   (int64_t)histogram_quantile(&wakes, 500));
	record_set_integer(result, column_of("wake_p99_ns"),
			   (int64_t)histogram_quantile(&wakes, 990));
	record_set_integer(result, column_of("wake_max_ns"),
			   (int64_t)wakes.max_ns);
	record_set_text(result, column_of("wake_histogram"), text);
}

/* A producer that could not put its last message has not sent it. */
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
	  "what the producer waits on: futex, cond, sem or eventfd", "futex",
	  PARAM_CHOICE, .choices = event_names },
	{ NULL },
};

static const struct column handshake_metrics[] = {
	{ "wake_p50_ns", "ns",
	  "handshake: from set to the waiter running, median",
	  TYPE_INTEGER, ROLE_METRIC, BETTER_LOWER },
	{ "wake_p99_ns", "ns",
	  "handshake: from set to the waiter running, 99th percentile",
	  TYPE_INTEGER, ROLE_METRIC, BETTER_LOWER },
	{ "wake_max_ns", "ns",
	  "handshake: from set to the waiter running, longest",
	  TYPE_INTEGER, ROLE_METRIC, BETTER_LOWER },
	{ "wake_histogram", "",
	  "handshake: from set to the waiter running: lower end of a bucket in "
	  "ns:count, joined by +", TYPE_TEXT, ROLE_METRIC, BETTER_NEITHER },
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
	  .title = "how long a thread takes to wake up",
	  .x_title = "from set to the waiter running, ns",
	  .y_title = "share of the wake-ups that were shorter",
	  .column = "wake_histogram" },
	{ NULL },
};
/* clang-format on */

static const char *const handshake_roles[] = { "producer", "consumer", NULL };

const struct scenario scenario_handshake = {
	.id = "handshake",
	.summary = "each message waits for the event that answers it",
	.params = handshake_params,
	.metrics = handshake_metrics,
	.tables = handshake_tables,
	.pictures = handshake_pictures,
	.roles = handshake_roles,
	/* The event comes on top: 4 bytes of a futex, 8 in the kernel, 32 of a
	 * semaphore, 89 of a mutex with its condition. */
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
