/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of all parameters: the common parameters, and the parameters that
 * the scenarios declare. The table and the columns of the results are filled
 * before main() starts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "param_values.h"

enum {
	PARAMS_MAX = 32 + OWN_PARAMS_MAX,
	SCOPE_MAX = 256,
};

#define COUNT(field, from, to)                                       \
	.kind = PARAM_COUNT, .offset = offsetof(struct cell, field), \
	.low = (from), .high = (to)
#define TIME(field, from, to)                                       \
	.kind = PARAM_TIME, .offset = offsetof(struct cell, field), \
	.low = (from), .high = (to)
#define OTHER(name) \
	.kind = PARAM_OTHER, .set = param_set_##name, .get = param_get_##name

/* The values of --stop, in the order of enum stop_kind. */
static const char *const stop_names[] = { "event", "sentinel", NULL };

/* clang-format off */
static struct param table[PARAMS_MAX] = {
	{ "scenario", "NAME", "kind of measurement", "pingpong",
	  OTHER(scenario) },
	{ "backend", "NAME", "queue implementation (mutex)", "", OTHER(backend) },
	{ "wait", "POLICY",
	  "wait policy: poll, spin, yield, sleep:D, block, timeout:D, park:D or adaptive:D; D is a time such as 1ms", "block",
	  OTHER(wait) },
	{ "placement", "PLACE", "CPUs of the threads: same-cpu, smt, llc, package, near, or any (not pinned)",
	  "near", OTHER(placement) },
	{ "queues", "N", "number of queues: 1 or 2", "", COUNT(queues, 1, 2) },
	{ "producers", "N", "number of producer threads", "",
	  COUNT(producers, 1, PRODUCERS_MAX) },
	{ "consumers", "N", "number of consumer threads", "",
	  COUNT(consumers, 1, PRODUCERS_MAX) },
	{ "capacity", "N", "requested capacity of a queue, in messages", "",
	  COUNT(capacity, 1, 1 << 26) },
	{ "duration", "TIME", "length of the measured window", "200ms",
	  TIME(duration_ns, RINGBENCH_NS_PER_MS, 3600 * RINGBENCH_NS_PER_S) },
	{ "warmup", "TIME", "length of the warm-up before the window", "20ms",
	  TIME(warmup_ns, 0, 3600 * RINGBENCH_NS_PER_S) },
	{ "messages", "N", "end the window after this number of messages; 0: end it after --duration", "0", COUNT(messages, 0, INT64_C(1) << 40) },
	{ "stop", "HOW", "how threads learn that the window has ended: event or sentinel", "",
	  .kind = PARAM_CHOICE, .offset = offsetof(struct cell, stop),
	  .choices = stop_names },
};
/* clang-format on */

const struct param *const params = table;
size_t param_count;

static size_t common_count;
static char scopes[OWN_PARAMS_MAX][SCOPE_MAX];
static char meanings[OWN_PARAMS_MAX][SCOPE_MAX];
static char columns[OWN_PARAMS_MAX][CELL_TEXT_MAX];
static char conflict[2 * SCOPE_MAX];

const struct param *param_find(const char *name)
{
	for (size_t i = 0; i < param_count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

void param_column_name(const struct param *param, char name[CELL_TEXT_MAX])
{
	snprintf(name, CELL_TEXT_MAX, "%s%s", param->name,
		 param->kind == PARAM_TIME    ? "_ns"
		 : param->kind == PARAM_BYTES ? "_bytes"
					      : "");
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
}

const struct param *param_of_column(const char *column)
{
	for (size_t i = 0; i < param_count; i++) {
		char name[CELL_TEXT_MAX];

		param_column_name(&table[i], name);
		if (strcmp(name, column) == 0)
			return &table[i];
	}
	return NULL;
}

int64_t *param_number(const struct cell *cell, const struct param *param)
{
	return (int64_t *)((uintptr_t)cell + param->offset);
}

static bool same_choices(const char *const *a, const char *const *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return *a == *b; /* equal only if both lists end here */
}

/* Two declarations may differ only in the default. */
static bool same_declaration(const struct param *a, const struct param *b)
{
	return a->kind == b->kind && a->low == b->low && a->high == b->high &&
	       strcmp(a->argument, b->argument) == 0 &&
	       strcmp(a->help, b->help) == 0 &&
	       same_choices(a->choices, b->choices);
}

/* Stores the conflict, unless one is stored already. The build runs `ringbench
 * list columns`, which prints the conflict and fails. */
static void note_conflict(const struct scenario *scenario, const char *what,
			  const char *name, const char *why)
{
	if (!*conflict)
		snprintf(
			conflict, sizeof(conflict),
			"scenario %.40s cannot declare the %.20s %.40s: %.130s",
			scenario->id, what, name, why);
}

static void note_column_conflict(const struct scenario *scenario,
				 const char *what, const char *name)
{
	note_conflict(scenario, what, name,
		      "another declaration with this name differs; use the "
		      "same declaration or another name");
}

static void note_param_conflict(const struct scenario *scenario,
				const struct param *known)
{
	char why[SCOPE_MAX];

	snprintf(why, sizeof(why),
		 "scenario %.60s declares it differently; use the same "
		 "declaration or another name",
		 known->own < 0 ? "" : known->scope);
	note_conflict(scenario, "parameter", known->name,
		      known->own < 0 ? "all scenarios have it; use another name"
				     : why);
}

/* The column of a choice or of a parameter with its own set() is a text. All
 * other columns are numbers. */
static void declare_column(const struct param *param,
			   const struct scenario *scenario)
{
	bool text = param->kind == PARAM_CHOICE || param->kind == PARAM_OTHER;
	int own = param->own;
	struct column column = {
		.name = columns[own],
		.unit = param->kind == PARAM_TIME    ? "ns"
			: param->kind == PARAM_BYTES ? "bytes"
			: param->kind == PARAM_RATE  ? "1/s"
						     : "",
		.meaning = meanings[own],
		.type = text ? TYPE_TEXT : TYPE_INTEGER,
		.role = ROLE_FACTOR,
	};
	int known;

	param_column_name(param, columns[own]);
	known = schema_find(&results_schema, columns[own]);
	if (known >= 0 && known < COMMON_COLUMN_COUNT)
		return; /* the scenario declares this column as a parameter */
	snprintf(meanings[own], SCOPE_MAX, "%s: %s", param->scope, param->help);
	if (schema_declare(&column) < 0)
		note_column_conflict(scenario, "parameter", param->name);
}

static void declare_param(const struct scenario *scenario,
			  const struct param *declared)
{
	struct param *param = (struct param *)param_find(declared->name);
	size_t own;

	if (param) {
		size_t length = strlen(param->scope ? param->scope : "");

		if (param->own < 0 || !same_declaration(param, declared)) {
			note_param_conflict(scenario, param);
			return;
		}
		snprintf(scopes[param->own] + length, SCOPE_MAX - length,
			 ", %s", scenario->id);
		snprintf(meanings[param->own], SCOPE_MAX, "%s: %s",
			 param->scope, param->help);
		return;
	}
	own = param_count - common_count;
	if (own == OWN_PARAMS_MAX)
		abort();
	param = &table[param_count++];
	*param = *declared;
	param->own = (int)own;
	param->offset = offsetof(struct cell, own) + own * sizeof(int64_t);
	param->scope = scopes[own];
	snprintf(scopes[own], SCOPE_MAX, "%s", scenario->id);
	param_values_complete(param);
	declare_column(param, scenario);
}

static void declare_scenario(const struct scenario *scenario)
{
	for (const struct param *it = scenario->params; it && it->name; it++)
		declare_param(scenario, it);
	for (const struct column *it = scenario->metrics; it && it->name; it++)
		if (schema_declare(it) < 0)
			note_column_conflict(scenario, "column", it->name);
}

/* Sets a factor that has no column in an old file to its default. */
static void fill_absent(struct record *record, int column)
{
	const struct scenario *scenario = registry_find_scenario(
		record_text(record, COLUMN_scenario));
	const struct param *param = param_of_column(
		record->schema->columns[column].name);
	struct cell cell = { .scenario = scenario };
	char text[CELL_TEXT_MAX];
	const char *value;
	struct fault fault;

	/* If a file has no column for the length of the window, the length is
	 * unknown. */
	if (!scenario || !param || column == COLUMN_duration_ns ||
	    !scenario_has_param(scenario, param))
		return;
	value = scenario_default(scenario, param, text);
	if (!value || param->set(&cell, param, value, &fault) != 0)
		return;
	param_to_record(&cell, param, record, column);
}

static __attribute__((constructor)) void declare_all(void)
{
	while (table[param_count].name) {
		table[param_count].own = -1;
		param_values_complete(&table[param_count++]);
	}
	common_count = param_count;
	for (size_t i = 0; i < registry_scenario_count; i++)
		declare_scenario(registry_scenarios[i]);
	results_schema.fill_absent = fill_absent;
}

const char *registry_conflict(void)
{
	return *conflict ? conflict : NULL;
}
