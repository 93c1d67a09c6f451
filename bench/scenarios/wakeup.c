/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wakeup: the latency of the first message after a gap.
 * 1. The producer pushes a message with the time.
 * 2. The consumer pops it, records its latency and answers in a variable.
 *    Then the consumer waits again.
 * 3. The producer waits until the gap since the answer has passed, and starts
 *    again.
 *
 * So the gap starts when the consumer begins to wait. Gaps differ: equal gaps
 * would always end in the same part of a consumer's nap, and the latency would
 * depend only on the ratio of gap and nap. During a gap, a producer with its
 * own CPU sleeps, and reads the clock in a loop for the last millisecond.
 * Meanwhile the producer reads no memory that the consumer writes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "latency.h"
#include "pacing.h"
#include "ringbench_memory.h"

enum {
	/* Messages are reused. There are several messages, so that a message
	 * that is popped twice is noticed. */
	WAKEUP_MESSAGES = 64,
};

/* A producer that shares its CPU sleeps for this time between two reads of the
 * answer. */
#define LOOK_NS (50 * RINGBENCH_NS_PER_US)

struct wakeup_message {
	uint64_t number;
	int64_t sent_ns;
} RINGBENCH_ALIGNED;

struct wakeup {
	/* written by the producer */
	struct wakeup_message messages[WAKEUP_MESSAGES];
	uint64_t sent RINGBENCH_ALIGNED;
	int64_t gap_ns;
	bool only_sleeps;
	struct histogram gaps;
	/* written by the consumer */
	uint64_t popped RINGBENCH_ALIGNED;
	struct histogram latencies;
	/* written and read by both: the answer, and the time of the answer */
	uint64_t answered RINGBENCH_ALIGNED;
	int64_t answered_ns;
};

static int wakeup_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const char *why = NULL;

	if (cell->queues != 1)
		why = "has one queue";
	else if (!cell->messages &&
		 cell_value(cell, "gap") * 2 > cell->duration_ns)
		why = "needs a window of at least two gaps; make --duration "
		      "longer or --gap shorter";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "wakeup %s", why);
	return -1;
}

static int wakeup_check(const struct cell *cell,
			char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend = cell->choice.backend;
	const char *why = NULL;

	if (backend->flags & BACKEND_KEEPS_NOTHING)
		why = "keeps no messages, so no message has a latency";
	else if (backend->flags & BACKEND_ONE_POINTER &&
		 cell->stop == STOP_SENTINEL)
		why = "cannot carry a sentinel; use --stop event";
	else if (backend->flags & BACKEND_IN_BLOCKS)
		why = "transfers only whole blocks of messages, so a single "
		      "message would stay in the queue";
	if (!why)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s %s", backend->id, why);
	return -1;
}

static int wakeup_threads(const struct cell *cell)
{
	(void)cell;
	return 2;
}

static void wakeup_shape(struct rig *rig)
{
	rig->queues = 1;
	rig->parts[0].role = "producer";
	rig->parts[0].loop = rig_loop(rig, "relay_source");
	rig->parts[1].role = "consumer";
	rig->parts[1].stage = 1;
	rig->parts[1].loop = rig_loop(rig, "relay_stage");
}

/* Waits for the answer to all messages so far. False: the run ends. */
static bool await(struct worker *me, const struct wakeup *wakeup)
{
	int64_t begin_ns = ringbench_now_ns(), spin_ns;

	while (wakeup->only_sleeps &&
	       ringbench_load_acquire(&wakeup->answered) != wakeup->sent &&
	       !ringbench_load_relaxed(me->stop))
		pace_sleep(me, ringbench_now_ns() + LOOK_NS);
	spin_ns = ringbench_now_ns();
	/* Pairs with the release in record_message(). */
	while (ringbench_load_acquire(&wakeup->answered) != wakeup->sent &&
	       !ringbench_load_relaxed(me->stop))
		ringbench_pause();
	me->pace_ns += ringbench_now_ns() - begin_ns;
	me->pace_cpu_ns += ringbench_now_ns() - spin_ns;
	return !ringbench_load_relaxed(me->stop);
}

/*
 * The length of the next gap: from half of --gap to one and a half of --gap. A
 * Weyl sequence spreads the gaps of a short run evenly over this range.
 */
static int64_t gap_of(const struct wakeup *wakeup)
{
	uint32_t part = (uint32_t)wakeup->sent * UINT32_C(0x9E3779B9);

	return wakeup->gap_ns / 2 +
	       (int64_t)((double)wakeup->gap_ns * part * 0x1p-32);
}

static bool make_message(struct worker *me, uint64_t *word)
{
	struct wakeup *wakeup = me->state;
	struct wakeup_message *message;

	if (!await(me, wakeup))
		return false;
	if (wakeup->sent) {
		int64_t due_ns = wakeup->answered_ns + gap_of(wakeup);
		int64_t now_ns = pace_wait(me, due_ns, wakeup->only_sleeps);

		if (ringbench_load_relaxed(me->stop))
			return false;
		histogram_record(&wakeup->gaps, now_ns - wakeup->answered_ns);
	}
	message = &wakeup->messages[wakeup->sent % WAKEUP_MESSAGES];
	message->number = ++wakeup->sent;
	*word = (uintptr_t)message;
	message->sent_ns = ringbench_now_ns();
	return true;
}

static bool record_message(struct worker *me, uint64_t *word)
{
	struct wakeup *wakeup = me->state;
	int64_t now_ns = ringbench_now_ns();
	uint64_t offset = *word - (uintptr_t)wakeup->messages;
	const struct wakeup_message *message;

	if (offset >= sizeof(wakeup->messages) ||
	    offset % sizeof(wakeup->messages[0])) {
		me->order.foreign++;
		return false;
	}
	message = &wakeup->messages[offset / sizeof(wakeup->messages[0])];
	if (message->number != wakeup->popped + 1) {
		me->order.duplicates++;
		return false;
	}
	wakeup->popped++;
	/* The first message has no gap before it. */
	if (wakeup->popped > 1)
		histogram_record(&wakeup->latencies, now_ns - message->sent_ns);
	wakeup->answered_ns = ringbench_now_ns();
	ringbench_store_release(&wakeup->answered, wakeup->popped);
	return false;
}

static int wakeup_load(struct rig *rig)
{
	struct wakeup *wakeup = ringbench_alloc_lines(sizeof(*wakeup));

	if (!wakeup)
		return -ENOMEM;
	rig->state = wakeup; /* the caller of load() frees it */
	wakeup->gap_ns = cell_value(rig->cell, "gap");
	wakeup->only_sleeps = shares_a_cpu(rig);
	for (int i = 0; i < 2; i++)
		rig->workers[i].state = wakeup;
	rig->workers[0].out = &rig->channels[0];
	rig->workers[0].work = make_message;
	rig->workers[1].in = &rig->channels[0];
	rig->workers[1].work = record_message;
	return 0;
}

static void count(void *arg, uint64_t word)
{
	(void)word;
	++*(uint64_t *)arg;
}

static void wakeup_verify(struct rig *rig, struct verification *verification)
{
	const struct wakeup *wakeup = rig->state;
	const struct order *order = &rig->workers[1].order;
	uint64_t sent = rig->workers[0].messages, found;

	rig->backend->drain(&rig->channels[0], count, &verification->left_over);
	found = wakeup->popped + verification->left_over;
	verification->messages = wakeup->popped;
	verification->lost = sent > found ? sent - found : 0;
	if (verification->lost < order->foreign)
		verification->lost = order->foreign;
	verification->repeated = order->duplicates +
				 (found > sent ? found - sent : 0);
}

static void wakeup_set_metrics(struct rig *rig, struct record *result)
{
	const struct wakeup *wakeup = rig->state;

	latency_set(result, "wake_latency", &wakeup->latencies);
	if (wakeup->gaps.count)
		record_set_integer(
			result, column_of("gap_p50_ns"),
			(int64_t)histogram_quantile(&wakeup->gaps, 500));
}

/*
 * A wake-up costs at least what the system call costs. A consumer that spins
 * needs at least one cache-line transfer.
 */
static const char *wakeup_bound(const struct record *row)
{
	const char *wait = record_text(row, COLUMN_wait);

	if (strcmp(wait, "block") == 0)
		return "futex";
	return strcmp(wait, "spin") == 0 ? "line" : NULL;
}

/* clang-format off */
static const struct param wakeup_params[] = {
	{ "gap", "TIME",
	  "mean time from the start of the consumer's wait to the next push; "
	  "single gaps are half of this time to one and a half of this time",
	  "1ms", PARAM_TIME, .low = RINGBENCH_NS_PER_US,
	  .high = 10 * RINGBENCH_NS_PER_S },
	{ NULL },
};

#define MEANING "wakeup: from before the push until the consumer has the message"
static const struct column wakeup_metrics[] = {
	LATENCY_COLUMNS("wake_latency", MEANING),
	LATENCY_HISTOGRAM("wake_latency", MEANING),
	{ "gap_p50_ns", "ns", "wakeup: median of the measured gaps",
	  TYPE_INTEGER, ROLE_CHECK, BETTER_NEITHER },
	{ NULL },
};

static const struct table wakeup_tables[] = {
	{ .title = "latency of the first message after a gap, and CPU time of "
		   "the consumer per gap",
	  .columns = (const struct table_column[]){
		{ "wait" }, { "backend" }, { "placement" }, { "gap_ns", "gap" },
		{ "objective", "p50" }, { "of_bound", "of bound" },
		{ "wake_latency_p99_ns", "p99" },
		{ "cpu_pop_ns_per_msg", "CPU/gap" },
		{ "cpu_pop_share", "CPU" }, { "gap_p50_ns", "real gap" },
		{ NULL } } },
	{ NULL },
};

static const struct picture wakeup_pictures[] = {
	{ .name = "latency", .kind = PICTURE_HISTOGRAM,
	  .title = "distribution of the latency of the first message after a "
		   "gap",
	  .x_title = "from before the push until the consumer has the message, ns",
	  .y_title = "share of the messages with a smaller latency",
	  .column = "wake_latency_histogram" },
	{ NULL },
};
/* clang-format on */

static const char *const wakeup_roles[] = { "producer", "consumer", NULL };

const struct scenario scenario_wakeup = {
	.id = "wakeup",
	.summary = "the first message after a gap",
	.params = wakeup_params,
	.metrics = wakeup_metrics,
	.tables = wakeup_tables,
	.pictures = wakeup_pictures,
	.roles = wakeup_roles,
	.objective = "wake_latency_p50_ns",
	.bound = wakeup_bound,
	.default_stop = STOP_EVENT,
	.payload_bytes = 2 * sizeof(uint64_t),
	.default_queues = 1,
	.waits = true,
	.complete = wakeup_complete,
	.check = wakeup_check,
	.threads = wakeup_threads,
	.shape = wakeup_shape,
	.load = wakeup_load,
	.verify = wakeup_verify,
	.set_metrics = wakeup_set_metrics,
};
