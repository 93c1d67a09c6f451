/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "cell.h"
#include "readings.h"
#include "table_json.h"
#include "text.h"

static const char *const backends[] = { "mutex", "python" };
static const char *const waits[] = { "poll", "sleep:1ms", "block",
				     "timeout:1ms" };
static const char *const placements[] = { "same-cpu", "llc", "near", "any" };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Whether a thread with this wait policy waits inside the call of get(). */
static bool is_inside_get(const char *wait)
{
	for (int kind = 0; kind < WAIT_KINDS; kind++)
		if (strncmp(wait, wait_names[kind], strlen(wait_names[kind])) ==
		    0)
			return wait_blocks[kind];
	return false;
}

static double share_of_cpu(const struct group *group)
{
	double busy = group_spread(group, COLUMN_busy_ns).median;
	double idle = group_spread(group, COLUMN_wait_empty_ns).median +
		      group_spread(group, COLUMN_wait_full_ns).median;

	return group_spread(group, COLUMN_cpu_ns).median / (busy + idle);
}

static double share_of_running(const struct group *group)
{
	return 1 - group_spread(group, COLUMN_idle_share).median;
}

static void set_share(struct text_table *table, size_t column, double share)
{
	char text[TEXT_TABLE_CELL_MAX];

	snprintf(text, sizeof(text), "%.1f%%", 100 * share);
	text_table_set(table, column, text, table_json_number(share));
}

static void add_row(struct text_table *table, const struct group *group)
{
	const char *wait = record_text(group->example, COLUMN_wait);
	double right = share_of_running(group);

	text_table_row(table);
	text_table_set(table, 0, wait, NULL);
	text_table_set(table, 1, record_text(group->example, COLUMN_backend),
		       NULL);
	text_table_set(table, 2, record_text(group->example, COLUMN_placement),
		       NULL);
	set_share(table, 3, is_inside_get(wait) ? 1 : right);
	set_share(table, 4, right);
	set_share(table, 5, share_of_cpu(group));
}

static void add_heads(struct text_table *table)
{
	text_table_init(table);
	text_table_column(table, "wait", true);
	text_table_column(table, "backend", true);
	text_table_column(table, "placement", true);
	text_table_column(table, "clock before get", false);
	text_table_column(table, "clock after get", false);
	text_table_column(table, "CPU time", false);
}

static void explain(const struct group *blocked, FILE *to)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "The tutorial first starts its clock before get(), so "
		 "sleeping inside get() counts as running. It then starts the "
		 "clock after get(), which is right: with block, the first way "
		 "reports 100 %% running, but the threads used a CPU for only "
		 "%.0f %% of the time. A polling thread uses its CPU while it "
		 "waits; only the last column shows this.",
		 100 * share_of_cpu(blocked));
	text_wrap(text, 0, to);
}

void readings_print(const struct run *run, struct output *output)
{
	const struct group *blocked = NULL;
	struct text_table table;

	add_heads(&table);
	for (size_t i = 0;
	     i < COUNT_OF(waits) * COUNT_OF(backends) * COUNT_OF(placements);
	     i++) {
		struct run_query query = {
			.scenario = "pingpong",
			.wait = waits[i / COUNT_OF(placements) /
				      COUNT_OF(backends)],
			.backend = backends[i / COUNT_OF(placements) %
					    COUNT_OF(backends)],
			.placement = placements[i % COUNT_OF(placements)],
			.queues = 2,
		};
		const struct group *group = run_find(run, &query);

		if (!group)
			continue;
		add_row(&table, group);
		if (strcmp(query.wait, "block") == 0 && !blocked)
			blocked = group;
	}
	if (table.rows)
		output_table(output, "running",
			     "Share of the time that counts as running, "
			     "measured in three ways",
			     &table);
	if (blocked)
		explain(blocked, output_text(output));
	text_table_free(&table);
}
