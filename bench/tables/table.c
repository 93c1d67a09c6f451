/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "table.h"
#include "table_fields.h"
#include "table_flags.h"
#include "text.h"

static bool is_scenario(const struct group *group, const char *scenario)
{
	return strcmp(record_text(group->example, COLUMN_scenario), scenario) ==
	       0;
}

/*
 * Rows stand in the order of wait policies, of backends with the floors before
 * them, and of placements; rounds are shuffled, so the file's own order means
 * nothing.
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
		order = registry_is_floor(record_text(r, COLUMN_backend)) -
			registry_is_floor(record_text(l, COLUMN_backend));
	if (!order)
		order = rank_backend(record_text(l, COLUMN_backend)) -
			rank_backend(record_text(r, COLUMN_backend));
	if (!order)
		order = rank_name(record_text(l, COLUMN_placement),
				  placement_names, PLACEMENTS) -
			rank_name(record_text(r, COLUMN_placement),
				  placement_names, PLACEMENTS);
	for (int i = COLUMN_queues; !order && i < COLUMN_status; i++) {
		if (results_schema.columns[i].role != ROLE_FACTOR)
			continue;
		if (results_schema.columns[i].type == TYPE_TEXT)
			order = strcmp(record_text(l, i), record_text(r, i));
		else
			order = (record_integer(l, i) > record_integer(r, i)) -
				(record_integer(l, i) < record_integer(r, i));
	}
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

static void print_pingpong(const struct group **groups, size_t count, FILE *to)
{
	const char *wait = "";

	fprintf(to, "%-34s %*s %*s two:one\n", "", CELL_WIDTH, "one queue",
		CELL_WIDTH, "two queues");
	fprintf(to, "%-12s%-13s%-9s %*s %*s\n", "wait", "backend", "placement",
		CELL_WIDTH, "msg/s        idle", CELL_WIDTH,
		"msg/s        idle");
	for (size_t i = 0; i < count; i++) {
		const struct group *one, *two;
		char left[TABLE_CELL_MAX], right[TABLE_CELL_MAX];
		char ratio[TEXT_NUMBER_MAX];

		one = with_queues(groups, count, groups[i], 1);
		two = with_queues(groups, count, groups[i], 2);
		if (one && two && groups[i] != one)
			continue; /* in its row already */
		field_rate_and_idle(one, left);
		field_rate_and_idle(two, right);
		format_ratio(one, two, ratio);
		fields_print(label_fields, groups[i], &wait, to);
		fprintf(to, " %s %s %7s\n", left, right, ratio);
	}
}

static void print_fields(const struct field *fields,
			 const struct group **groups, size_t count, FILE *to)
{
	const char *wait = "";

	fields_print_head(fields, to);
	for (size_t i = 0; i < count; i++) {
		fields_print(fields, groups[i], &wait, to);
		fputc('\n', to);
	}
}

static bool any_has_roof(const struct group **groups, size_t count)
{
	bool has = false;

	for (size_t i = 0; i < count; i++)
		has |= groups[i]->roof != NULL;
	return has;
}

/* Both numbers of queues beside each other leave no room for the roof. */
static void print_pingpong_roof(const struct group **groups, size_t count,
				FILE *to)
{
	const char *wait = "";

	fprintf(to, "\npingpong: two queues, and their roof\n");
	fields_print_head(pingpong_roof_fields, to);
	for (size_t i = 0; i < count; i++) {
		if (!groups[i]->roof)
			continue;
		fields_print(pingpong_roof_fields, groups[i], &wait, to);
		fputc('\n', to);
	}
}

/* How a group is one of the table: as usual, or about its end and pace. */
static bool is_about_ends(const struct group *group)
{
	const char *stop = record_text(group->example, COLUMN_stop);

	if (is_scenario(group, "pipeline"))
		return strcmp(stop, "event") == 0;
	return !group_ends_as_usual(group);
}

/* Batches and payloads, and what passes single words, to be held against. */
static bool belongs_to_freight(const struct group *group,
			       const struct group **groups, size_t count)
{
	static const int except[] = { COLUMN_batch, COLUMN_payload_bytes };

	for (size_t i = 0; i < count && group_ends_as_usual(group); i++)
		if (group_has_freight(groups[i]) &&
		    group_same_but(group, groups[i], except, 2))
			return true;
	return false;
}

/* Groups that differ from an unusual one in stop, until and pace only: what
 * it is to be held against. */
static bool belongs_to_ends(const struct group *group,
			    const struct group **groups, size_t count)
{
	static const int except[] = { COLUMN_stop, COLUMN_until,
				      COLUMN_produce_every_ns,
				      COLUMN_consume_every_ns };

	for (size_t i = 0; i < count; i++)
		if (is_about_ends(groups[i]) &&
		    group_same_but(group, groups[i], except, 4))
			return true;
	return false;
}

static void print_scenario(const struct scenario *scenario,
			   const struct group **groups, size_t count, FILE *to)
{
	const struct group **usual = calloc(3 * count, sizeof(*usual));
	const struct group **freight, **ends;
	size_t usuals = 0, freights = 0, others = 0;

	if (!usual)
		abort();
	freight = usual + count;
	ends = freight + count;
	for (size_t i = 0; i < count; i++) {
		if (!is_about_ends(groups[i]) && !group_has_freight(groups[i]))
			usual[usuals++] = groups[i];
		if (belongs_to_freight(groups[i], groups, count))
			freight[freights++] = groups[i];
		if (belongs_to_ends(groups[i], groups, count))
			ends[others++] = groups[i];
	}
	if (usuals) {
		fprintf(to, "\n%s: %s\n", scenario->id, scenario->summary);
		if (scenario->default_queues > 1)
			print_pingpong(usual, usuals, to);
		else
			print_fields(fields_of(scenario->id,
					       any_has_roof(usual, usuals)),
				     usual, usuals, to);
		if (scenario->default_queues > 1 && any_has_roof(usual, usuals))
			print_pingpong_roof(usual, usuals, to);
	}
	if (freights) {
		fprintf(to, "\n%s: batches, and payloads by reference\n",
			scenario->id);
		print_fields(freight_fields, freight, freights, to);
	}
	if (others) {
		fprintf(to, "\n%s: ways to stop, and paced threads\n",
			scenario->id);
		print_fields(end_fields, ends, others, to);
	}
	free(usual);
}

static void print_legend(const struct run *run, FILE *to)
{
	bool roof = false;

	for (size_t i = 0; i < run->groups.count; i++)
		roof |= run->groups.groups[i].roof != NULL;
	fprintf(to,
		"\nmsg/s: median of %" PRId64
		" round%s, +- half of its 95 %% interval. idle: share of the\n"
		"threads' time spent waiting for a message or for room. null, "
		"line, lines and faa\nare floors, not queues: what the "
		"harness, cache lines and counters cost.\n",
		run_rounds(run), run_rounds(run) == 1 ? "" : "s");
	if (roof)
		fprintf(to,
			"of roof: msg/s as a share of what passes without a "
			"queue: line in pingpong,\nlines in stream with 1x1, "
			"faa with more threads. ns: for a message.\n");
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

		if (count)
			print_scenario(scenario, groups, count, to);
	}
	free(groups);
	print_legend(run, to);
	table_flags_print(run, to);
	print_unverified(run, to);
}
