/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"
#include "registry.h"
#include "text.h"

enum {
	PARAGRAPH_MAX = 2048,
	FINDINGS_MAX = 16,
};

/* Orders of magnitude, for what the tutorial calls strange. */
#define COLLAPSE 100.0
/* Clearly more than noise. */
#define CLEAR 1.5

/* A ratio of two kinds of cell, backend by backend. */
struct ratio {
	int count; /* backends that have both cells */
	int above; /* those whose ratio is at least the limit */
	double low;
	double high;
	double top_low; /* medians of the numerator, messages/s */
	double top_high;
	double bottom_low; /* and of the denominator */
	double bottom_high;
};

static void widen(double value, double *low, double *high)
{
	*low = value < *low ? value : *low;
	*high = value > *high ? value : *high;
}

static double rate(const struct run *run, const struct run_query *query)
{
	const struct group *group = run_find(run, query);

	return group ? group_spread(group, COLUMN_throughput_msg_per_s).median
		     : NAN;
}

static double idle(const struct run *run, const struct run_query *query)
{
	const struct group *group = run_find(run, query);

	return group ? group_spread(group, COLUMN_idle_share).median : NAN;
}

/*
 * Over the C queues that appear in both: numerator over denominator. The
 * backend of the queries is filled in.
 */
static struct ratio compare(const struct run *run, struct run_query top,
			    struct run_query bottom, double limit)
{
	struct ratio ratio = { 0, 0, INFINITY, 0, INFINITY, 0, INFINITY, 0 };

	for (size_t i = 0; i < registry_backend_count; i++) {
		double above, below;

		if (registry_backends[i]->flags & BACKEND_NOT_A_QUEUE)
			continue;
		top.backend = bottom.backend = registry_backends[i]->id;
		above = rate(run, &top);
		below = rate(run, &bottom);
		if (!(above > 0 && below > 0))
			continue;
		ratio.count++;
		ratio.above += above / below >= limit;
		widen(above / below, &ratio.low, &ratio.high);
		widen(above, &ratio.top_low, &ratio.top_high);
		widen(below, &ratio.bottom_low, &ratio.bottom_high);
	}
	return ratio;
}

/* "250" or "250 to 3.1k". */
static const char *range(double low, double high, char text[TEXT_NUMBER_MAX])
{
	char from[TEXT_NUMBER_MAX], to[TEXT_NUMBER_MAX];

	text_format_short(low, from);
	text_format_short(high, to);
	if (strcmp(from, to) == 0)
		snprintf(text, TEXT_NUMBER_MAX, "%.20s", from);
	else
		snprintf(text, TEXT_NUMBER_MAX, "%.10s to %.10s", from, to);
	return text;
}

/* Where the findings go, and those that there are no cells for. */
struct pen {
	FILE *to;
	bool wrote;
	const char *missing[FINDINGS_MAX];
	int missing_count;
};

static void missing(struct pen *pen, const char *title)
{
	if (pen->missing_count < FINDINGS_MAX)
		pen->missing[pen->missing_count++] = title;
}

/* Prints a paragraph, wrapped and indented. */
static void paragraph(struct pen *pen, const char *title, const char *format,
		      ...) __attribute__((format(printf, 3, 4)));
static void paragraph(struct pen *pen, const char *title, const char *format,
		      ...)
{
	char text[PARAGRAPH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (!pen->wrote)
		fprintf(pen->to, "\nWhat the tutorial found, in this run\n");
	pen->wrote = true;
	fprintf(pen->to, "\n* %s\n  ", title);
	text_wrap(text, 2, pen->to);
}

/* What to say when the cells are missing, or the effect. */
static bool nothing_to_tell(struct pen *pen, const char *title,
			    const struct ratio *ratio)
{
	char text[TEXT_NUMBER_MAX];

	if (ratio->count == 0) {
		missing(pen, title);
		return true;
	}
	if (ratio->above == ratio->count)
		return false;
	paragraph(pen, title,
		  "Did not appear in this run, or not in every queue: in %d "
		  "of %d, the ratio was %s.",
		  ratio->above, ratio->count,
		  range(ratio->low, ratio->high, text));
	return true;
}

static const struct run_query poll_one = { .scenario = "pingpong",
					   .wait = "poll",
					   .placement = "same-cpu",
					   .queues = 1 };
static const struct run_query poll_two = { .scenario = "pingpong",
					   .wait = "poll",
					   .placement = "same-cpu",
					   .queues = 2 };

static struct run_query with_wait(struct run_query query, const char *wait)
{
	query.wait = wait;
	return query;
}

static struct run_query with_place(struct run_query query, const char *place)
{
	query.placement = place;
	return query;
}

static void one_against_two(const struct run *run, struct pen *pen)
{
	const char *title = "Two polled queues on one CPU collapse.";
	struct ratio ratio = compare(run, poll_one, poll_two, COLLAPSE);
	char one[TEXT_NUMBER_MAX], two[TEXT_NUMBER_MAX], by[TEXT_NUMBER_MAX];
	char slice[TEXT_NUMBER_MAX];

	if (nothing_to_tell(pen, title, &ratio))
		return;
	text_format_short(1e3 / ratio.bottom_high, slice);
	paragraph(pen, title,
		  "Through two queues %s messages/s pass, through one %s: %s "
		  "times as many. A thread whose queue is empty polls until "
		  "the scheduler takes the CPU away, so every hand-over costs "
		  "a time slice (%s ms here); with one queue a thread takes "
		  "back the message that it has just put there, which is no "
		  "hand-over at all.",
		  range(ratio.bottom_low, ratio.bottom_high, two),
		  range(ratio.top_low, ratio.top_high, one),
		  range(ratio.low, ratio.high, by), slice);
}

static void spinlock_is_worse(const struct run *run, struct pen *pen)
{
	const char *title = "A spinlock on one CPU is worse still.";
	struct run_query spinlock = poll_two, mutex = poll_two;
	char texts[2][TEXT_NUMBER_MAX];
	double slow, fast;

	spinlock.backend = "spinlock";
	mutex.backend = "mutex";
	slow = rate(run, &spinlock);
	fast = rate(run, &mutex);
	if (!(slow > 0 && fast > 0)) {
		missing(pen, title);
		return;
	}
	text_format_short(slow, texts[0]);
	text_format_short(fast, texts[1]);
	if (fast / slow < CLEAR)
		paragraph(pen, title,
			  "Did not appear in this run: %s messages/s through "
			  "two polled queues under spinlocks, %s under "
			  "mutexes.",
			  texts[0], texts[1]);
	else
		paragraph(pen, title,
			  "Two polled queues under spinlocks pass %s "
			  "messages/s, under mutexes %s. A poller is mostly "
			  "inside the lock; when the scheduler takes its CPU "
			  "away there, the other thread spins on the lock for "
			  "its whole time slice, while a mutex lets it sleep.",
			  texts[0], texts[1]);
}

static void one_cpu_against_two(const struct run *run, struct pen *pen)
{
	const char *title = "A second CPU removes the collapse.";
	struct ratio ratio = compare(run, with_place(poll_two, "llc"), poll_two,
				     COLLAPSE);
	char one[TEXT_NUMBER_MAX], two[TEXT_NUMBER_MAX], by[TEXT_NUMBER_MAX];

	if (nothing_to_tell(pen, title, &ratio))
		return;
	paragraph(pen, title,
		  "Two polled queues pass %s messages/s on two CPUs that "
		  "share a cache, and %s on one: %s times as many. Both "
		  "threads run at once there, so a message is seen as soon as "
		  "its cache line arrives, and the scheduler has no part in "
		  "it.",
		  range(ratio.top_low, ratio.top_high, two),
		  range(ratio.bottom_low, ratio.bottom_high, one),
		  range(ratio.low, ratio.high, by));
}

static void sleep_is_faster(const struct run *run, struct pen *pen)
{
	const char *title = "On one CPU, sleeping 1 ms beats polling.";
	struct ratio ratio = compare(run, with_wait(poll_two, "sleep:1ms"),
				     poll_two, CLEAR);
	char nap[TEXT_NUMBER_MAX], busy[TEXT_NUMBER_MAX], by[TEXT_NUMBER_MAX];

	if (nothing_to_tell(pen, title, &ratio))
		return;
	paragraph(pen, title,
		  "Two queues pass %s messages/s with a sleep of 1 ms after "
		  "an empty look and %s without: %s times as many. The "
		  "sleeper hands the CPU to the thread that has the message; "
		  "1 ms (and some) is less than the time slice that a poller "
		  "would use up.",
		  range(ratio.top_low, ratio.top_high, nap),
		  range(ratio.bottom_low, ratio.bottom_high, busy),
		  range(ratio.low, ratio.high, by));
}

static void block_repairs(const struct run *run, struct pen *pen)
{
	const char *title = "A blocking get repairs it.";
	struct ratio ratio = compare(run, with_wait(poll_two, "block"),
				     poll_two, COLLAPSE);
	char block[TEXT_NUMBER_MAX], busy[TEXT_NUMBER_MAX];
	char by[TEXT_NUMBER_MAX];

	if (nothing_to_tell(pen, title, &ratio))
		return;
	paragraph(pen, title,
		  "Two queues on one CPU pass %s messages/s with a blocking "
		  "get, polled ones %s: %s times as many. Who finds nothing "
		  "sleeps in the kernel and is woken by the put, so a "
		  "hand-over costs a context switch instead of a time slice.",
		  range(ratio.top_low, ratio.top_high, block),
		  range(ratio.bottom_low, ratio.bottom_high, busy),
		  range(ratio.low, ratio.high, by));
}

static void price_of_blocking(const struct run *run, struct pen *pen)
{
	const char *title = "On two CPUs, blocking is the slow way.";
	struct run_query two = with_place(poll_two, "llc");
	struct ratio ratio = compare(run, two, with_wait(two, "block"), CLEAR);
	char busy[TEXT_NUMBER_MAX], block[TEXT_NUMBER_MAX];
	char by[TEXT_NUMBER_MAX];

	if (nothing_to_tell(pen, title, &ratio))
		return;
	paragraph(pen, title,
		  "There, polling passes %s messages/s and blocking %s: %s "
		  "times fewer. Waking a thread on another CPU takes "
		  "microseconds, a polled cache line tens of nanoseconds; the "
		  "price of polling is a CPU that never rests.",
		  range(ratio.top_low, ratio.top_high, busy),
		  range(ratio.bottom_low, ratio.bottom_high, block),
		  range(ratio.low, ratio.high, by));
}

static void python(const struct run *run, struct pen *pen)
{
	const char *title = "Python behaves like one CPU.";
	struct run_query one = { "pingpong", "python", "poll", NULL, 1 };
	struct run_query two = { "pingpong", "python", "poll", NULL, 2 };
	struct run_query block = { "pingpong", "python", "block", NULL, 2 };
	double rate_one = rate(run, &one), rate_two = rate(run, &two);
	double rate_block = rate(run, &block);
	char texts[4][TEXT_NUMBER_MAX];

	if (!(rate_one > 0 && rate_two > 0 && rate_block > 0)) {
		missing(pen, title);
		return;
	}
	text_format_short(rate_two, texts[0]);
	text_format_short(rate_one, texts[1]);
	text_format_short(rate_block, texts[2]);
	text_format_short(rate_one / rate_two, texts[3]);
	if (rate_one / rate_two < COLLAPSE || rate_block / rate_two < CLEAR) {
		paragraph(pen, title,
			  "Did not appear in this run: two polled queues pass "
			  "%s messages/s, one %s, and two with a blocking get "
			  "%s.",
			  texts[0], texts[1], texts[2]);
		return;
	}
	paragraph(pen, title,
		  "The tutorial's own program passes %s messages/s through "
		  "two polled queues, %s through one (%s times as many), and "
		  "%s through two with a blocking get, on as many CPUs as "
		  "there are. Only one of its threads runs at a time: the "
		  "interpreter lock changes hands every 5 ms unless a thread "
		  "blocks, which is what a time slice does on a single CPU.",
		  texts[0], texts[1], texts[3], texts[2]);
}

static void where_time_goes(const struct run *run, struct pen *pen)
{
	const char *title = "What the threads did meanwhile.";
	struct run_query poll = with_place(poll_two, "llc");
	struct run_query block = with_wait(poll, "block");
	struct group const *busy, *asleep;
	double burnt, slept;

	poll.backend = block.backend = "mutex";
	busy = run_find(run, &poll);
	asleep = run_find(run, &block);
	if (!busy || !asleep) {
		missing(pen, title);
		return;
	}
	burnt = group_spread(busy, COLUMN_cpu_ns).median /
		group_spread(busy, COLUMN_elapsed_ns).median;
	slept = group_spread(asleep, COLUMN_cpu_ns).median /
		group_spread(asleep, COLUMN_elapsed_ns).median;
	paragraph(pen, title,
		  "With two mutex queues on two CPUs the threads wait %.0f %% "
		  "of their time when they poll and %.0f %% when they block. "
		  "Polling keeps %.2f CPUs busy for it, blocking %.2f.",
		  100 * idle(run, &poll), 100 * idle(run, &block), burnt,
		  slept);
}

void findings_print(const struct run *run, FILE *to)
{
	struct pen pen = { .to = to };

	one_against_two(run, &pen);
	spinlock_is_worse(run, &pen);
	one_cpu_against_two(run, &pen);
	sleep_is_faster(run, &pen);
	block_repairs(run, &pen);
	price_of_blocking(run, &pen);
	python(run, &pen);
	where_time_goes(run, &pen);
	if (pen.wrote && pen.missing_count)
		fprintf(to, "\nNot looked at, for want of cells:\n");
	for (int i = 0; pen.wrote && i < pen.missing_count; i++)
		fprintf(to, "  %s\n", pen.missing[i]);
}
