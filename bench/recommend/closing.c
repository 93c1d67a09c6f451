/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "closing.h"
#include "contest.h"
#include "decision.h"
#include "names.h"
#include "phrases.h"
#include "text.h"

enum {
	EQUALS_MAX = 512,
	NAMED_MAX = 2, /* largest number of named cells that the rounds cannot
			  separate */
	WHAT_MAX = 64,
	WINNER_MAX = 256,
	LINE_MAX_BYTES = 1024,
};

struct closing {
	const struct run *run;
	struct contest contest;
	struct wishes load; /* rate 0: no cell has a rate */
	size_t needed;	    /* number of needed rounds if the run has too few;
			       otherwise 0 */
	FILE *to;
};

/* Prints a line; wraps it on a narrow terminal. */
__attribute__((format(printf, 2, 3))) static void
say(const struct closing *closing, const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	text_wrap(text, 0, closing->to);
}

/* "stream llc batch=8": the factors that are equal in all cells of a
 * contest. */
static void name_contest(const struct contest *contest,
			 char name[NAME_SHORT_MAX])
{
	const struct record *row = contest->ranked[0]->example;
	struct naming naming = { .first = row };

	for (int i = 0; i < (int)results_schema.count; i++)
		naming.shown[i] = results_schema.columns[i].role ==
					  ROLE_FACTOR &&
				  !name_is_default(row, i);
	naming.shown[COLUMN_scenario] = naming.shown[COLUMN_placement] = true;
	naming.shown[COLUMN_backend] = naming.shown[COLUMN_wait] = false;
	naming.shown[COLUMN_duration_ns] = naming.shown[COLUMN_warmup_ns] =
		false;
	name_short(&naming, row, name);
}

/* "Fastest", or "Lowest stall_max_ns" */
static void praise(int objective, char text[WHAT_MAX])
{
	const struct column *column = &results_schema.columns[objective];

	if (objective == COLUMN_throughput_msg_per_s)
		snprintf(text, WHAT_MAX, "Fastest");
	else
		snprintf(text, WHAT_MAX, "%s %.40s",
			 column->better == BETTER_LOWER ? "Lowest" : "Highest",
			 column->name);
}

/* "a with spin, b with block and 2 more" */
static void name_equals(const struct contest *contest, char text[EQUALS_MAX])
{
	size_t used = 0;

	for (size_t i = 1; i <= contest->equals && i <= NAMED_MAX; i++) {
		char cell[PHRASE_CELL_MAX];

		phrase_cell(contest->ranked[i], cell);
		used += (size_t)snprintf(text + used, EQUALS_MAX - used, "%s%s",
					 i > 1 ? ", " : "", cell);
	}
	if (contest->equals > NAMED_MAX)
		snprintf(text + used, EQUALS_MAX - used, " and %zu more",
			 contest->equals - NAMED_MAX);
}

static void needs(struct closing *closing, size_t rounds)
{
	if (rounds > closing->needed)
		closing->needed = rounds;
}

/* The best cell at full speed, and its ratio to the next one. is_short: a line
 * about the load follows, so leave out the line about the cells that cannot be
 * separated. */
static void say_contest(struct closing *closing, bool is_short)
{
	const struct contest *contest = &closing->contest;
	char name[NAME_SHORT_MAX], first[PHRASE_CELL_MAX];
	char next[PHRASE_CELL_MAX], what[WHAT_MAX], of[96] = "";
	char equals[EQUALS_MAX], others[48] = "";
	size_t used = 0;

	name_contest(contest, name);
	praise(contest->objective, what);
	phrase_cell(contest->ranked[0], first);
	if (contest->contests > 1)
		used = (size_t)snprintf(of, sizeof(of), ", 1 of %zu groups",
					contest->contests);
	if (contest->short_cells)
		snprintf(of + used, sizeof(of) - used,
			 ", without %zu cell%s with too few rounds",
			 contest->short_cells,
			 contest->short_cells == 1 ? "" : "s");
	if (contest->needed) {
		needs(closing, contest->needed);
		say(closing, "%s%s: too few rounds to rank %zu cells", name, of,
		    contest->count);
		return;
	}
	if (contest->equals + 1 == contest->count) {
		say(closing,
		    "%s%s: %zu cells, none distinguishable from the best", name,
		    of, contest->count);
		return;
	}
	phrase_cell(contest->ranked[contest->equals + 1], next);
	if (contest->equals && is_short)
		snprintf(others, sizeof(others), " or %zu other%s",
			 contest->equals, contest->equals == 1 ? "" : "s");
	say(closing,
	    "%s (%s%s): %s%s, %.3g times (%.3g to %.3g) the median of %s", what,
	    name, of, first, others, contest->lead.value, contest->lead.low,
	    contest->lead.high, next);
	if (!contest->equals || is_short)
		return;
	name_equals(contest, equals);
	say(closing, "Too few rounds to tell from %s: %s", first, equals);
}

static size_t count_carrying(const struct candidates *candidates)
{
	size_t count = 0;

	for (size_t i = 0; i < candidates->count; i++)
		count += candidates->list[i].obstacle == OBSTACLE_NONE;
	return count;
}

/* Finds the load with the most cells. If several loads have the largest number
 * of cells, chooses the lowest rate. */
static void find_load(struct closing *closing)
{
	const struct groups *groups = &closing->run->groups;
	int rate = schema_find(&results_schema, "rate");
	size_t most = 0;

	wishes_init(&closing->load);
	for (size_t i = 0; rate >= 0 && i < groups->count; i++) {
		const struct record *row = groups->groups[i].example;
		struct candidates candidates;
		struct wishes load;
		size_t carrying;

		if (!(record_number(row, rate) > 0))
			continue;
		wishes_init(&load);
		load.producers = record_integer(row, COLUMN_producers);
		load.consumers = record_integer(row, COLUMN_consumers);
		load.rate = record_integer(row, rate);
		candidates_choose_percentile(closing->run, &load);
		candidates_find(&candidates, closing->run, &load);
		carrying = count_carrying(&candidates);
		if (!closing->load.rate || carrying > most ||
		    (carrying == most && load.rate < closing->load.rate)) {
			most = carrying;
			closing->load = load;
		}
		candidates_free(&candidates);
	}
}

/* "mutex with spin, 21 us (19 us to 25 us) or 3 others"; without the cost if
 * format is NULL. */
static void name_winner(const struct decision *decision,
			const struct spread *cost,
			void (*format)(double, char[TEXT_NUMBER_MAX]),
			char text[WINNER_MAX])
{
	char cell[PHRASE_CELL_MAX], spread[128] = "", others[48] = "";

	phrase_cell(decision->best->group, cell);
	if (format)
		phrase_spread(cost, format, spread, sizeof(spread));
	if (decision->equal_count)
		snprintf(others, sizeof(others), " or %zu other%s",
			 decision->equal_count,
			 decision->equal_count == 1 ? "" : "s");
	snprintf(text, WINNER_MAX, "%.90s%s%.120s%s", cell, *spread ? ", " : "",
		 spread, others);
}

/*
 * The lowest latency and the lowest CPU time at the load: the answers of
 * recommend without limits, and with a limit for the latency that all cells
 * meet. is_short: print both in one line.
 */
static void say_load(struct closing *closing, bool is_short)
{
	struct wishes frugal = closing->load;
	struct candidates candidates, by_cpu;
	struct decision fast, cheap;
	char rate[TEXT_NUMBER_MAX], latency[WINNER_MAX], cpu[WINNER_MAX];

	frugal.latency_ns = INT64_MAX;
	candidates_find(&candidates, closing->run, &closing->load);
	candidates_find(&by_cpu, closing->run, &frugal);
	decision_make(&fast, &candidates, &closing->load);
	decision_make(&cheap, &by_cpu, &frugal);
	text_format_rate(closing->load.rate, rate);
	if (!fast.best) {
		say(closing, "At %s: no cell carries the load", rate);
	} else if (fast.needed) {
		needs(closing, fast.needed);
		say(closing, "At %s: too few rounds to rank %zu cells", rate,
		    candidates.count);
	} else {
		name_winner(&fast, &fast.best->latency,
			    is_short ? NULL : phrase_time, latency);
		name_winner(&cheap, &cheap.best->cpu,
			    is_short ? NULL : phrase_percent, cpu);
		if (is_short)
			say(closing, "At %s, lowest %s: %s; lowest CPU: %s",
			    rate, closing->load.percentile, latency, cpu);
		else
			say(closing, "At %s, lowest %s: %s", rate,
			    closing->load.percentile, latency);
		if (!is_short)
			say(closing, "At %s, lowest CPU: %s", rate, cpu);
	}
	candidates_free(&by_cpu);
	candidates_free(&candidates);
}

static void say_next(const struct closing *closing)
{
	const struct wishes *load = &closing->load;
	char rate[TEXT_NUMBER_MAX], threads[64] = "";

	text_format_rate(load->rate, rate);
	if (load->producers != 1 || load->consumers != 1)
		snprintf(threads, sizeof(threads),
			 " --producers %lld --consumers %lld",
			 (long long)load->producers,
			 (long long)load->consumers);
	if (closing->needed)
		say(closing, "Next: measure again with --rounds %zu or more",
		    closing->needed);
	else if (load->rate)
		say(closing, "Next: ringbench recommend --rate %s%s %s", rate,
		    threads, closing->run->path);
	else if (closing->contest.count)
		say(closing, "Next: for latency and CPU time at your load, "
			     "ringbench recommend --rate N/s");
	else
		say(closing,
		    "Nothing to rank: no cells differ only in queue and "
		    "wait policy");
}

void closing_print(const struct run *run, FILE *to)
{
	struct closing closing = { .run = run, .to = to };
	bool both;

	contest_find(&closing.contest, run);
	find_load(&closing);
	both = closing.contest.count && closing.load.rate;
	if (closing.contest.count)
		say_contest(&closing, both);
	if (closing.load.rate)
		say_load(&closing, both);
	say_next(&closing);
	contest_free(&closing.contest);
}
