/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "names.h"
#include "registry.h"

/* Smallest share of the offered messages that must arrive. */
#define RATE_SHARE 0.98

static double value(const struct record *row, const char *name)
{
	int column = schema_find(&results_schema, name);

	return column >= 0 && record_has(row, column)
		       ? record_number(row, column)
		       : NAN;
}

static struct spread spread_in(const struct group *group, int column)
{
	return column >= 0 ? group_spread(group, column)
			   : (struct spread){ .median = NAN };
}

static struct spread spread_by_name(const struct group *group, const char *name)
{
	return spread_in(group, schema_find(&results_schema, name));
}

enum obstacle candidates_obstacle(const struct backend *backend,
				  const struct wishes *wishes)
{
	bool many = wishes->producers * wishes->consumers > 1;

	if (wishes->order > backend_order(backend->flags, many))
		return OBSTACLE_ORDER;
	if (wishes->non_blocking &&
	    (backend->push_progress == PROGRESS_BLOCKING ||
	     backend->pop_progress == PROGRESS_BLOCKING))
		return OBSTACLE_BLOCKING;
	if (wishes->bounded && backend->flags & BACKEND_UNBOUNDED)
		return OBSTACLE_UNBOUNDED;
	return OBSTACLE_NONE;
}

static enum obstacle obstacle_of(const struct candidate *candidate,
				 const struct wishes *wishes)
{
	const struct group *group = candidate->group;
	struct backend_choice choice = { 0 };
	double rate = group_spread(group, COLUMN_throughput_msg_per_s).median;
	enum obstacle obstacle = OBSTACLE_NONE;

	registry_find_choice(record_text(group->example, COLUMN_backend),
			     &choice);
	if (choice.backend)
		obstacle = candidates_obstacle(choice.backend, wishes);
	if (group->unverified)
		return OBSTACLE_FAILED;
	if (obstacle)
		return obstacle;
	if (!(rate >= RATE_SHARE * (double)wishes->rate))
		return OBSTACLE_RATE;
	if (!candidate->latency.count || !candidate->cpu.count)
		return OBSTACLE_UNKNOWN;
	return OBSTACLE_NONE;
}

static enum fit fit_of(const struct spread *spread, double limit)
{
	if (limit <= 0)
		return FIT_YES;
	if (!(spread->median <= limit))
		return FIT_NO;
	return spread->has_interval && spread->high <= limit ? FIT_YES
							     : FIT_UNSURE;
}

static bool carries(const struct record *row, const struct wishes *wishes)
{
	return strcmp(record_text(row, COLUMN_scenario), "stream") == 0 &&
	       !registry_is_not_a_queue(record_text(row, COLUMN_backend)) &&
	       record_integer(row, COLUMN_producers) == wishes->producers &&
	       record_integer(row, COLUMN_consumers) == wishes->consumers &&
	       value(row, "rate") == (double)wishes->rate;
}

void candidates_choose_percentile(const struct run *run, struct wishes *wishes)
{
	static const char *const names[] = { "p99", "p90", "p50" };
	char column[32];

	for (int n = 0; n < 3 && !wishes->latency_ns; n++) {
		snprintf(column, sizeof(column), "latency_%s_ns", names[n]);
		for (size_t i = 0; i < run->rows.count; i++)
			if (carries(&run->rows.rows[i], wishes) &&
			    isfinite(value(&run->rows.rows[i], column))) {
				wishes->percentile = names[n];
				return;
			}
	}
}

static int by_cell(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return cell_compare(left->group->example, right->group->example);
}

void candidates_find(struct candidates *candidates, const struct run *run,
		     const struct wishes *wishes)
{
	char name[32];

	snprintf(name, sizeof(name), "latency_%s_ns", wishes->percentile);
	*candidates = (struct candidates){
		.list = calloc(run->groups.count + 1,
			       sizeof(*candidates->list)),
		.latency_column = schema_find(&results_schema, name),
		.cpu_column = schema_find(&results_schema, "cpu_pop_share"),
		.push_column = schema_find(&results_schema, "cpu_push_share"),
	};
	if (!candidates->list)
		abort();
	for (size_t i = 0; i < run->groups.count; i++) {
		const struct group *group = &run->groups.groups[i];
		struct candidate *candidate =
			&candidates->list[candidates->count];
		enum fit latency, cpu;

		if (!carries(group->example, wishes))
			continue;
		if (!group->represents_cell) {
			candidates->farther++;
			continue;
		}
		candidates->count++;
		candidate->group = group;
		candidate->latency = spread_in(group,
					       candidates->latency_column);
		candidate->cpu = spread_in(group, candidates->cpu_column);
		candidate->push = spread_in(group, candidates->push_column);
		candidate->late = spread_by_name(group, "late_share").median;
		candidate->obstacle = obstacle_of(candidate, wishes);
		latency = fit_of(&candidate->latency,
				 (double)wishes->latency_ns);
		cpu = fit_of(&candidate->cpu, wishes->cpu);
		candidate->fit = candidate->obstacle ? FIT_NO
				 : latency > cpu     ? latency
						     : cpu;
	}
	qsort(candidates->list, candidates->count, sizeof(*candidates->list),
	      by_cell);
}

void candidates_free(struct candidates *candidates)
{
	free(candidates->list);
	memset(candidates, 0, sizeof(*candidates));
}

const char *obstacle_text(enum obstacle obstacle)
{
	static const char *const texts[] = {
		[OBSTACLE_NONE] = "",
		[OBSTACLE_RATE] = "does not reach the rate",
		[OBSTACLE_FAILED] = "has an unverified round",
		[OBSTACLE_ORDER] = "does not keep the order of messages",
		[OBSTACLE_BLOCKING] = "is blocking",
		[OBSTACLE_UNBOUNDED] = "has no bound",
		[OBSTACLE_UNKNOWN] = "has too few messages for this percentile",
	};

	return texts[obstacle];
}
