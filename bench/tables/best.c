/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "best.h"
#include "names.h"
#include "registry.h"
#include "scenario.h"
#include "table_values.h"
#include "text.h"

/* The two best cells of a load. */
struct lead {
	const struct group *best;
	const struct group *next;
	double ratio; /* how many times better the best median is than the
			 second-best */
	bool clear;   /* the intervals of the two medians do not overlap */
};

struct leads {
	struct lead *list;
	size_t count;
	size_t clear;
};

static int objective(const struct group *group)
{
	return objective_of(group->example);
}

/* Cells with a rate have no best throughput, because all queues transfer the
 * same number of messages. */
static bool is_ranked(const struct group *group)
{
	int column = objective(group);

	return record_integer(group->example, column_of("rate")) <= 0 &&
	       has_queues(record_text(group->example, COLUMN_scenario)) &&
	       !registry_is_not_a_queue(
		       record_text(group->example, COLUMN_backend)) &&
	       results_schema.columns[column].better != BETTER_NEITHER &&
	       group_spread(group, column).median > 0;
}

/* How many times better the median of `one` is than the median of the other. */
static double ratio_of(const struct group *one, const struct group *other)
{
	int column = objective(one);
	double ratio = group_spread(one, column).median /
		       group_spread(other, column).median;

	return results_schema.columns[column].better == BETTER_LOWER ? 1 / ratio
								     : ratio;
}

static bool is_clear(const struct group *one, const struct group *other)
{
	struct spread a = group_spread(one, objective(one));
	struct spread b = group_spread(other, objective(one));

	return a.has_interval && b.has_interval &&
	       (a.low > b.high || b.low > a.high);
}

/* Finds the best cells of the load of group `first`; next is NULL if there is
 * only one queue. Returns false if an earlier group has the same load. */
static bool find_two(const struct groups *groups, size_t first,
		     struct lead *lead)
{
	static const int except[] = { COLUMN_backend };
	const struct group *load = &groups->groups[first];

	memset(lead, 0, sizeof(*lead));
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		if (!is_ranked(group) ||
		    !group_same_but(group, load, except, 1))
			continue;
		if (i < first)
			return false;
		if (!lead->best || ratio_of(group, lead->best) > 1) {
			lead->next = lead->best;
			lead->best = group;
		} else if (!lead->next || ratio_of(group, lead->next) > 1) {
			lead->next = group;
		}
	}
	return true;
}

const struct group *best_of_load(const struct groups *groups, size_t first)
{
	struct lead lead;

	return is_ranked(&groups->groups[first]) &&
			       find_two(groups, first, &lead)
		       ? lead.best
		       : NULL;
}

/* Returns false if the load was found before, or has only one queue. */
static bool find_lead(const struct groups *groups, size_t first,
		      struct lead *lead)
{
	if (!find_two(groups, first, lead) || !lead->next)
		return false;
	lead->ratio = ratio_of(lead->best, lead->next);
	lead->clear = is_clear(lead->best, lead->next);
	return true;
}

/* Compares the loads, not the queues that won. */
static int by_load(const void *a, const void *b)
{
	struct record left = *((const struct lead *)a)->best->example;
	struct record right = *((const struct lead *)b)->best->example;

	record_clear(&left, COLUMN_backend);
	record_clear(&right, COLUMN_backend);
	return cell_compare(&left, &right);
}

static void find_leads(const struct run *run, struct leads *leads)
{
	const struct groups *groups = &run->groups;

	*leads = (struct leads){ .count = 0 };
	leads->list = calloc(groups->count + 1, sizeof(*leads->list));
	if (!leads->list)
		abort();
	for (size_t i = 0; i < groups->count; i++) {
		struct lead *lead = &leads->list[leads->count];

		if (!is_ranked(&groups->groups[i]) ||
		    !find_lead(groups, i, lead))
			continue;
		leads->count++;
		leads->clear += lead->clear;
	}
	qsort(leads->list, leads->count, sizeof(*leads->list), by_load);
}

static const char *queue_of(const struct lead *lead)
{
	return record_text(lead->best->example, COLUMN_backend);
}

/* The number of loads in which the queue of lead i is best; 0: an earlier lead
 * has this queue. */
static size_t wins_of(const struct leads *leads, size_t i)
{
	size_t wins = 0;

	for (size_t j = 0; j < leads->count; j++) {
		if (strcmp(queue_of(&leads->list[j]),
			   queue_of(&leads->list[i])) != 0)
			continue;
		if (j < i)
			return 0;
		wins++;
	}
	return wins;
}

static void print_words(const struct leads *leads, FILE *to)
{
	char *text = NULL;
	size_t size = 0, listed = 0;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		abort();
	fprintf(memory,
		"%zu load%s measured with 2 or more queues. Best median:",
		leads->count, leads->count == 1 ? " was" : "s were");
	for (size_t wins = leads->count; wins > 0; wins--)
		for (size_t i = 0; i < leads->count; i++)
			if (wins_of(leads, i) == wins)
				fprintf(memory, "%s %s in %zu",
					listed++ ? "," : "",
					queue_of(&leads->list[i]), wins);
	fprintf(memory,
		". In %zu of %zu load%s the lead is clear: the 95 %% "
		"confidence intervals of the two best medians do not "
		"overlap. This describes one run. For a verdict, use "
		"`ringbench compare`. A median without a unit is a rate per "
		"second.",
		leads->clear, leads->count, leads->count == 1 ? "" : "s");
	fclose(memory);
	text_wrap(text, 0, to);
	free(text);
}

static void name_loads(const struct leads *leads, struct naming *naming)
{
	const struct record **rows = calloc(leads->count, sizeof(*rows));

	if (!rows)
		abort();
	for (size_t i = 0; i < leads->count; i++)
		rows[i] = leads->list[i].best->example;
	naming_make(naming, rows, leads->count);
	naming->shown[COLUMN_backend] = false;
	free(rows);
}

static void add_row(struct text_table *table, const struct naming *naming,
		    const struct lead *lead)
{
	char name[NAME_SHORT_MAX], text[TEXT_TABLE_CELL_MAX];
	char number[TEXT_NUMBER_MAX];
	size_t i = 0;

	name_short(naming, lead->best->example, name);
	if (!*name)
		name_common(naming, name);
	text_table_row(table);
	text_table_set(table, i++, name, NULL);
	text_table_set(table, i++, queue_of(lead), NULL);
	table_median(lead->best, objective(lead->best), text);
	text_table_set(table, i++, text, NULL);
	text_table_set(table, i++,
		       record_text(lead->next->example, COLUMN_backend), NULL);
	table_median(lead->next, objective(lead->best), text);
	text_table_set(table, i++, text, NULL);
	text_format_short(lead->ratio, number);
	snprintf(text, sizeof(text), "%s times", number);
	text_table_set(table, i++, text, NULL);
	text_table_set(table, i, lead->clear ? "yes" : "no", NULL);
}

void best_print(const struct run *run, struct output *output)
{
	static const struct {
		const char *title;
		bool left;
	} heads[] = { { "load", true },	   { "best queue", true },
		      { "median", false }, { "next queue", true },
		      { "median", false }, { "lead", false },
		      { "clear", true } };
	struct text_table table;
	struct naming naming;
	struct leads leads;

	find_leads(run, &leads);
	if (leads.count) {
		print_words(&leads, output_text(output));
		name_loads(&leads, &naming);
		text_table_init(&table);
		for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
			text_table_column(&table, heads[i].title,
					  heads[i].left);
		for (size_t i = 0; i < leads.count; i++)
			add_row(&table, &naming, &leads.list[i]);
		output_table(output, "best",
			     "Best queue for each load, and its lead", &table);
		text_table_free(&table);
	} else {
		text_wrap("No load was measured with 2 or more queues, so this "
			  "run names no best queue.",
			  0, output_text(output));
	}
	free(leads.list);
}
