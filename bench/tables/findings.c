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

/* Limits for the ratio of two rates. A finding appears in a run if the ratio
 * reaches the finding's limit. */
#define COLLAPSE 100.0 /* two orders of magnitude */
#define CLEAR	 1.5   /* clearly more than noise */

/* The ratio of the rates of two cells, over all backends. */
struct ratio {
	int count; /* backends that have both cells */
	int above; /* backends whose ratio reaches the limit */
	double low;
	double high;
	double top_low; /* medians of the numerator, messages/s */
	double top_high;
	double bottom_low; /* medians of the denominator, messages/s */
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
 * Divides the rate of the cell `top` by the rate of the cell `bottom`, for each
 * C queue that the run measured in both cells. The caller leaves the backend of
 * both queries empty.
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

/* The state of the output. */
struct pen {
	FILE *to;
	bool wrote; /* the heading is printed */
	/* Titles of the findings whose cells the run did not measure. */
	const char *missing[FINDINGS_MAX];
	int missing_count;
};

static void missing(struct pen *pen, const char *title)
{
	if (pen->missing_count < FINDINGS_MAX)
		pen->missing[pen->missing_count++] = title;
}

/* Prints one finding: a title and a wrapped, indented paragraph. */
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
		fprintf(pen->to,
			"\nThe tutorial's findings, checked in this run\n");
	pen->wrote = true;
	fprintf(pen->to, "\n* %s\n  ", title);
	text_wrap(text, 2, pen->to);
}

/*
 * Prints a finding about the ratio of two rates. The arguments of `format` are
 * the rates of the first cell, the rates of the second cell, their ratio, and
 * the time per message of the second cell in ms, all as texts.
 */
static void print_ratio(struct pen *pen, const struct run *run,
			struct run_query first, struct run_query second,
			double limit, const char *title, const char *format)
{
	struct ratio ratio = compare(run, first, second, limit);
	char one[TEXT_NUMBER_MAX], two[TEXT_NUMBER_MAX], by[TEXT_NUMBER_MAX];
	char each[TEXT_NUMBER_MAX];

	range(ratio.low, ratio.high, by);
	text_format_short(1e3 / ratio.bottom_high, each);
	if (ratio.count == 0)
		missing(pen, title);
	else if (ratio.above < ratio.count)
		paragraph(pen, title,
			  "Appeared in %d of %d queues in this run. The ratio "
			  "of the two rates was %s.",
			  ratio.above, ratio.count, by);
	else
		paragraph(pen, title, format,
			  range(ratio.top_low, ratio.top_high, one),
			  range(ratio.bottom_low, ratio.bottom_high, two), by,
			  each);
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

static void spinlock_is_slower(const struct run *run, struct pen *pen)
{
	const char *title = "On one CPU, spinlocks are slower than mutexes.";
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
			  "Did not appear in this run. Two polled queues "
			  "transfer %s messages/s with spinlocks and %s with "
			  "mutexes.",
			  texts[0], texts[1]);
	else
		paragraph(pen, title,
			  "Two polled queues transfer %s messages/s with "
			  "spinlocks and %s with mutexes. A polling thread "
			  "holds the lock most of the time, so the scheduler "
			  "usually preempts it while it holds the lock. The "
			  "other thread then spins for a whole time slice. "
			  "With a mutex, the other thread sleeps instead.",
			  texts[0], texts[1]);
}

static void python(const struct run *run, struct pen *pen)
{
	const char *title = "Python behaves as if there were only one CPU.";
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
			  "Did not appear in this run. Two polled queues "
			  "transfer %s messages/s, one polled queue %s, and "
			  "two queues with a blocking pop %s.",
			  texts[0], texts[1], texts[2]);
		return;
	}
	paragraph(pen, title,
		  "The tutorial's program transfers %s messages/s through two "
		  "polled queues, %s through one (%s times as many), and %s "
		  "through two with a blocking pop. It may use all CPUs, but "
		  "the interpreter lock lets only one thread run at a time. A "
		  "thread that does not block keeps the lock for 5 ms, as a "
		  "thread on a single CPU keeps the CPU for a time slice.",
		  texts[0], texts[1], texts[3], texts[2]);
}

static void cpu_time(const struct run *run, struct pen *pen)
{
	const char *title =
		"Polling uses CPU time, blocking leaves it to others.";
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
		  "With two mutex queues on two CPUs, the threads wait for "
		  "%.0f %% of their time when they poll and for %.0f %% when "
		  "they block. On average, polling keeps %.2f CPUs busy and "
		  "blocking %.2f.",
		  100 * idle(run, &poll), 100 * idle(run, &block), burnt,
		  slept);
}

void findings_print(const struct run *run, FILE *to)
{
	struct run_query apart = with_place(poll_two, "llc");
	struct pen pen = { .to = to };

	print_ratio(&pen, run, poll_one, poll_two, COLLAPSE,
		    "Two polled queues on one CPU collapse.",
		    "Two queues transfer %2$s messages/s, one queue %1$s: %3$s "
		    "times as many. A thread whose queue is empty polls until "
		    "the scheduler gives the CPU to the other thread, so each "
		    "message costs a time slice (%4$s ms here). With a single "
		    "queue, each thread pops the message that it has just "
		    "pushed. No message reaches the other thread, so no "
		    "message waits for a time slice.");
	spinlock_is_slower(run, &pen);
	print_ratio(&pen, run, apart, poll_two, COLLAPSE,
		    "A second CPU removes the collapse.",
		    "Two polled queues transfer %s messages/s on two CPUs that "
		    "share a cache, and %s on one CPU: %s times as many. On "
		    "two CPUs both threads run at the same time, so a message "
		    "costs a cache-line transfer instead of a time slice.");
	print_ratio(&pen, run, with_wait(poll_two, "sleep:1ms"), poll_two,
		    CLEAR, "On one CPU, sleeping 1 ms beats polling.",
		    "Two queues transfer %s messages/s if a thread sleeps 1 ms "
		    "after each failed pop, and %s if the thread polls: %s "
		    "times as many. A thread that sleeps leaves the CPU to the "
		    "thread that has the message. The sleep is shorter than "
		    "the time slice that a polling thread uses up.");
	print_ratio(&pen, run, with_wait(poll_two, "block"), poll_two, COLLAPSE,
		    "On one CPU, a blocking pop prevents the collapse.",
		    "Two queues on one CPU transfer %s messages/s with a "
		    "blocking pop and %s with polling: %s times as many. A "
		    "thread whose queue is empty sleeps in the kernel until a "
		    "push wakes it, so a message costs a context switch "
		    "instead of a time slice.");
	print_ratio(&pen, run, apart, with_wait(apart, "block"), CLEAR,
		    "On two CPUs, polling beats blocking.",
		    "Two queues on two CPUs transfer %s messages/s with "
		    "polling and %s with a blocking pop. Polling is %s times "
		    "as fast: a wake-up on another CPU takes microseconds, a "
		    "cache-line transfer tens of nanoseconds. In return, "
		    "polling keeps both CPUs busy while the threads wait.");
	python(run, &pen);
	cpu_time(run, &pen);
	if (pen.wrote && pen.missing_count)
		fprintf(to, "\nSkipped: not measured in this run\n");
	for (int i = 0; pen.wrote && i < pen.missing_count; i++)
		fprintf(to, "  %s\n", pen.missing[i]);
}
