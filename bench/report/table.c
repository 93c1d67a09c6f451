/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "table.h"
#include "text.h"

enum {
	CELL_WIDTH = 19,
	TABLE_CELL_MAX = 64,
};

/* "96.1M ±4%   29%": median, half the interval, share of time waiting. */
static void format_cell(const struct group *group, char text[TABLE_CELL_MAX])
{
	char median[TEXT_NUMBER_MAX], range[TEXT_NUMBER_MAX] = "";
	struct spread rate, idle;

	snprintf(text, TABLE_CELL_MAX, "%*s", CELL_WIDTH, "-");
	if (!group)
		return;
	rate = group_spread(group, COLUMN_throughput_msg_per_s);
	idle = group_spread(group, COLUMN_idle_share);
	if (rate.count == 0)
		return;
	text_format_short(rate.median, median);
	if (rate.has_interval)
		snprintf(range, sizeof(range), "+-%.0f%%",
			 50 * (rate.high - rate.low) / rate.median);
	snprintf(text, TABLE_CELL_MAX, "%6s %-6s %4.0f%%", median, range,
		 100 * idle.median);
}

static bool is_scenario(const struct group *group, const char *scenario)
{
	return strcmp(record_text(group->example, COLUMN_scenario), scenario) ==
	       0;
}

static const char *factor(const struct group *group, int column)
{
	return record_text(group->example, column);
}

/*
 * Rows stand in the order of wait policies, of backends, and of placements;
 * rounds are shuffled, so the file's own order means nothing.
 */
static int rank_name(const char *name, const char *const *names, int count)
{
	int i = 0;

	while (i < count && strncmp(name, names[i], strlen(names[i])) != 0)
		i++;
	return i;
}

static int rank_backend(const char *id)
{
	struct contender contender;
	int i = 0;

	while (registry_contender((size_t)i, &contender) &&
	       strcmp(contender.id, id) != 0)
		i++;
	return i;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *const *left = a, *const *right = b;
	const struct record *l = (*left)->example, *r = (*right)->example;
	int order;

	order = rank_name(record_text(l, COLUMN_wait), wait_names, WAIT_KINDS) -
		rank_name(record_text(r, COLUMN_wait), wait_names, WAIT_KINDS);
	if (!order)
		order = strcmp(record_text(l, COLUMN_wait),
			       record_text(r, COLUMN_wait));
	if (!order)
		order = rank_backend(record_text(l, COLUMN_backend)) -
			rank_backend(record_text(r, COLUMN_backend));
	if (!order)
		order = rank_name(record_text(l, COLUMN_placement),
				  placement_names, PLACEMENTS) -
			rank_name(record_text(r, COLUMN_placement),
				  placement_names, PLACEMENTS);
	for (int i = COLUMN_queues; !order && i <= COLUMN_warmup_ns; i++)
		if (results_schema.columns[i].type == TYPE_INTEGER &&
		    results_schema.columns[i].role == ROLE_FACTOR)
			order = (record_integer(l, i) > record_integer(r, i)) -
				(record_integer(l, i) < record_integer(r, i));
	return order;
}

/* The scenario's groups in the order of the table. */
static size_t sorted_groups(const struct run *run, const char *scenario,
			    const struct group **sorted)
{
	size_t count = 0;

	for (size_t i = 0; i < run->groups.count; i++)
		if (is_scenario(&run->groups.groups[i], scenario))
			sorted[count++] = &run->groups.groups[i];
	qsort(sorted, count, sizeof(*sorted), compare_groups);
	return count;
}

/* The group that differs from this one in the number of queues only. */
static const struct group *with_queues(const struct group **groups,
				       size_t count, const struct group *like,
				       int64_t queues)
{
	static const int except[] = { COLUMN_queues };

	for (size_t i = 0; i < count; i++)
		if (record_integer(groups[i]->example, COLUMN_queues) ==
			    queues &&
		    group_same_but(groups[i], like, except, 1))
			return groups[i];
	return NULL;
}

/* How many times the one is the other: "x118k" or "/118k". */
static void format_ratio(const struct group *one, const struct group *two,
			 char text[TEXT_NUMBER_MAX])
{
	double ratio = NAN;
	char number[TEXT_NUMBER_MAX];

	if (one && two)
		ratio = group_spread(two, COLUMN_throughput_msg_per_s).median /
			group_spread(one, COLUMN_throughput_msg_per_s).median;
	if (!isfinite(ratio)) {
		snprintf(text, TEXT_NUMBER_MAX, "-");
		return;
	}
	text_format_short(ratio < 1 ? 1 / ratio : ratio, number);
	snprintf(text, TEXT_NUMBER_MAX, "%s%.28s", ratio < 1 ? "1/" : "",
		 number);
}

/* Labels of a row; the wait policy only where it changes. */
static void print_labels(const struct group *group, const char **wait, FILE *to)
{
	const char *own = factor(group, COLUMN_wait);

	fprintf(to, "%-12s%-10s%-9s", strcmp(own, *wait) ? own : "",
		factor(group, COLUMN_backend), factor(group, COLUMN_placement));
	*wait = own;
}

static void print_pingpong(const struct group **groups, size_t count, FILE *to)
{
	const char *wait = "";

	fprintf(to, "%-31s %*s %*s two:one\n", "", CELL_WIDTH, "one queue",
		CELL_WIDTH, "two queues");
	fprintf(to, "%-12s%-10s%-9s %*s %*s\n", "wait", "backend", "placement",
		CELL_WIDTH, "msg/s         idle", CELL_WIDTH,
		"msg/s         idle");
	for (size_t i = 0; i < count; i++) {
		const struct group *one, *two;
		char left[TABLE_CELL_MAX], right[TABLE_CELL_MAX];
		char ratio[TEXT_NUMBER_MAX];

		one = with_queues(groups, count, groups[i], 1);
		two = with_queues(groups, count, groups[i], 2);
		if (one && two && groups[i] != one)
			continue; /* in its row already */
		format_cell(one, left);
		format_cell(two, right);
		format_ratio(one, two, ratio);
		print_labels(groups[i], &wait, to);
		fprintf(to, " %s %s %7s\n", left, right, ratio);
	}
}

static void print_others(const struct group **groups, size_t count, FILE *to)
{
	const char *wait = "";

	fprintf(to, "%-12s%-10s%-9s %5s %*s  %10s\n", "wait", "backend",
		"placement", "PxC", CELL_WIDTH, "msg/s        idle",
		"ns/message");
	for (size_t i = 0; i < count; i++) {
		const struct record *row = groups[i]->example;
		double rate = group_spread(groups[i],
					   COLUMN_throughput_msg_per_s)
				      .median;
		char cell[TABLE_CELL_MAX], time[TEXT_NUMBER_MAX];
		char shape[TEXT_NUMBER_MAX];

		format_cell(groups[i], cell);
		text_format_short(1e9 / rate, time);
		snprintf(shape, sizeof(shape), "%" PRId64 "x%" PRId64,
			 record_integer(row, COLUMN_producers),
			 record_integer(row, COLUMN_consumers));
		print_labels(groups[i], &wait, to);
		fprintf(to, " %5s %s  %10s\n", shape, cell, time);
	}
}

/* How often each flag was raised: what to know before believing a row. */
static void print_flags(const struct run *run, FILE *to)
{
	static const struct {
		const char *flag;
		const char *meaning;
	} flags[] = {
		{ "oversubscribed", "more threads than CPUs, as planned" },
		{ "preempted", "ready threads waited for a CPU, > 1 %" },
		{ "stolen", "time lost to nobody: the hypervisor" },
		{ "page_faults", "memory faulted in in the window" },
		{ "few_laps", "messages < 64 times the capacity" },
		{ "capacity_rounded", "not the capacity that was asked" },
		{ "waits_exceed_elapsed", "waits too long" },
		{ "cpu_exceeds_elapsed", "CPU time too long" },
		{ "superseded", "cut off, and measured again" },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		size_t rows = 0;

		for (size_t r = 0; r < run->rows.count; r++)
			rows += record_has_name(&run->rows.rows[r],
						COLUMN_flags, flags[i].flag);
		if (rows)
			fprintf(to, "  %-16s %4zu of %zu rows: %s\n",
				flags[i].flag, rows, run->rows.count,
				flags[i].meaning);
	}
}

static void print_unverified(const struct run *run, FILE *to)
{
	size_t rows = 0;

	for (size_t i = 0; i < run->groups.count; i++)
		rows += run->groups.groups[i].unverified;
	if (rows)
		fprintf(to,
			"\n%zu observation%s failed, hung or crashed: not in "
			"the table, see results.csv\n",
			rows, rows == 1 ? "" : "s");
}

void table_print(const struct run *run, FILE *to)
{
	const struct group **groups = calloc(run->groups.count + 1,
					     sizeof(struct group *));

	if (!groups)
		abort();
	for (size_t s = 0; s < registry_scenario_count; s++) {
		const struct scenario *scenario = registry_scenarios[s];
		size_t count = sorted_groups(run, scenario->id, groups);

		if (!count)
			continue;
		fprintf(to, "\n%s: %s\n", scenario->id, scenario->summary);
		if (scenario->default_queues > 1)
			print_pingpong(groups, count, to);
		else
			print_others(groups, count, to);
	}
	free(groups);
	fprintf(to,
		"\nmsg/s: median of %" PRId64
		" rounds, +- half of its 95 %% interval. idle: share of the\n"
		"threads' time spent waiting for a message or for room. null "
		"and line are floors,\nnot queues: what the harness and one "
		"cache line cost.\n",
		run_rounds(run));
	print_flags(run, to);
	print_unverified(run, to);
}
