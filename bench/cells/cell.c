/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <string.h>

#include "backend_rules.h"
#include "cell.h"
#include "ringbench_clock.h"
#include "names.h"
#include "param_values.h"

static void param_get(const struct cell *cell, const char *name,
		      char text[CELL_TEXT_MAX])
{
	const struct param *param = param_find(name);

	param->get(cell, param, text);
}

/* Whether the list, which may end at a semicolon, contains the word. */
static bool list_has(const char *list, const char *word, size_t length)
{
	while (*list && *list != ';') {
		size_t item = strcspn(list, " ;");

		if (item == length && strncmp(list, word, length) == 0)
			return true;
		list += item + strspn(list + item, " ");
	}
	return false;
}

/* The values that the external program supports; NULL: all values. */
static const char *only_values(const struct external *external,
			       const char *name)
{
	const char *list = external->only;
	size_t length = strlen(name);

	while (*list) {
		list += strspn(list, " ;");
		if (strncmp(list, name, length) == 0 && list[length] == ' ')
			return list + length + 1;
		list += strcspn(list, ";");
	}
	return NULL;
}

static int check_external(const struct cell *cell,
			  char reason[SCENARIO_REASON_MAX])
{
	const struct external *external = cell->choice.external;

	for (size_t i = 0; i < param_count; i++) {
		const char *list = only_values(external, params[i].name);
		char text[CELL_TEXT_MAX];

		params[i].get(cell, &params[i], text);
		if (!list || strcmp(text, "0") == 0 ||
		    list_has(list, text, strcspn(text, ":")))
			continue;
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s does not support %s%s%s", external->id,
			 params[i].high ? params[i].name : "",
			 params[i].high ? " " : "", text);
		return -1;
	}
	return 0;
}

bool cell_has_queue(const struct cell *cell)
{
	return !cell->scenario->no_queue && !cell->no_queue;
}

static const struct param *declaration(const struct scenario *scenario,
				       const char *name)
{
	for (const struct param *it = scenario->params; it && it->name; it++)
		if (strcmp(it->name, name) == 0)
			return it;
	return NULL;
}

/* The default capacity of a queue. */
static int64_t default_capacity(const struct scenario *scenario)
{
	return scenario->default_capacity ? scenario->default_capacity
					  : CAPACITY_DEFAULT;
}

/* The default of a common parameter; 0: the scenario does not have it. */
static int64_t common_default(const struct scenario *scenario, const char *name)
{
	const struct {
		const char *name;
		int64_t value;
	} defaults[] = {
		{ "queues", scenario->default_queues },
		{ "producers", scenario->default_producers },
		{ "consumers", scenario->default_consumers },
		{ "stop", scenario->default_stop },
		{ "capacity",
		  scenario->no_queue ? 0 : default_capacity(scenario) },
	};

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (strcmp(defaults[i].name, name) == 0)
			return defaults[i].value;
	return 0;
}

bool scenario_has_param(const struct scenario *scenario,
			const struct param *param)
{
	if (param->own >= 0)
		return declaration(scenario, param->name) != NULL;
	return *param->fallback || common_default(scenario, param->name) != 0 ||
	       (strcmp(param->name, "backend") == 0 && !scenario->no_queue);
}

const char *scenario_default(const struct scenario *scenario,
			     const struct param *param,
			     char text[CELL_TEXT_MAX])
{
	struct cell cell = { .scenario = scenario };
	int64_t value;

	if (param->own >= 0) {
		const struct param *own = declaration(scenario, param->name);

		return own ? own->fallback : NULL;
	}
	value = common_default(scenario, param->name);
	if (!value)
		return *param->fallback ? param->fallback : NULL;
	*param_number(&cell, param) = value;
	param->get(&cell, param, text);
	return text;
}

static int refuse_param(const struct scenario *scenario, const char *name,
			char reason[SCENARIO_REASON_MAX])
{
	snprintf(reason, SCENARIO_REASON_MAX, "%s has no --%s; remove it",
		 scenario->id, name);
	return -1;
}

/* Sets the defaults. Refuses parameters that the scenario does not have. */
static int complete_params(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct scenario *scenario = cell->scenario;
	struct fault fault;

	for (size_t i = 0; i < param_count; i++) {
		const struct param *param = &params[i];
		char text[CELL_TEXT_MAX];
		const char *usual;
		bool given;

		if (*param->fallback && param->own < 0)
			continue; /* every cell has this parameter */
		if (param->kind == PARAM_OTHER && param->own < 0)
			continue; /* the backend */
		given = param->own < 0 ? *param_number(cell, param) != 0
				       : cell->own_given >> param->own & 1;
		usual = scenario_default(scenario, param, text);
		if (given && !scenario_has_param(scenario, param))
			return refuse_param(scenario, param->name, reason);
		if (given || !usual || strcmp(param->name, "capacity") == 0)
			continue;
		if (param->set(cell, param, usual, &fault) != 0) {
			snprintf(reason, SCENARIO_REASON_MAX, "%.150s",
				 fault.text);
			return -1;
		}
	}
	return 0;
}

/* Checks the backend before the scenario puts the cell into its normal form. */
static int check_backend(const struct cell *cell,
			 char reason[SCENARIO_REASON_MAX])
{
	if (cell->choice.needs) {
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s is not in this build, because the package %s is "
			 "missing; `make deps-peers` installs it",
			 cell->choice.id, cell->choice.needs);
		return -1;
	}
	if (cell->scenario->no_queue && cell->choice.backend) {
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s has no queue; remove --backend",
			 cell->scenario->id);
		return -1;
	}
	return 0;
}

/* Checks and completes the capacity and the wait policy of the queue. */
static int complete_queue(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct backend *backend;

	if (!cell_has_queue(cell)) {
		cell->wait = (struct wait_policy){ WAIT_POLL, 0 };
		cell->capacity = 0;
		return 0;
	}
	if (!cell->choice.id)
		registry_find_choice("mutex", &cell->choice);
	backend = cell->choice.backend;
	if (!backend)
		return 0; /* an external program checks its own limits */
	if (backend_check(cell, reason) != 0)
		return -1;
	if (!cell->capacity && !(backend->flags & BACKEND_UNBOUNDED))
		cell->capacity = default_capacity(cell->scenario);
	return 0;
}

int cell_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct scenario *scenario = cell->scenario;

	if (!cell->stop &&
	    backend_needs_sentinel(scenario, cell->choice.backend))
		cell->stop = STOP_SENTINEL;
	if (complete_params(cell, reason) != 0 ||
	    check_backend(cell, reason) != 0)
		return -1;
	if (scenario->complete && scenario->complete(cell, reason) != 0)
		return -1;
	if (complete_queue(cell, reason) != 0)
		return -1;
	if (cell->choice.external)
		return check_external(cell, reason);
	return scenario->check ? scenario->check(cell, reason) : 0;
}

int cell_threads(const struct cell *cell)
{
	return cell->scenario->threads(cell);
}

void cell_name(const struct cell *cell, char name[CELL_NAME_MAX])
{
	struct record record;

	record_init(&record, &results_schema);
	cell_to_record(cell, &record);
	name_long(&record, name);
}

void cell_key(const struct cell *cell, char key[CELL_KEY_MAX])
{
	size_t length = 0;

	for (size_t i = 0; i < param_count; i++) {
		char text[CELL_TEXT_MAX];

		if (strcmp(params[i].name, "duration") == 0 ||
		    strcmp(params[i].name, "messages") == 0)
			continue;
		params[i].get(cell, &params[i], text);
		length += (size_t)snprintf(key + length, CELL_KEY_MAX - length,
					   "%s\n", text);
	}
}

bool cell_same(const struct cell *a, const struct cell *b)
{
	char one[CELL_KEY_MAX], two[CELL_KEY_MAX];

	cell_key(a, one);
	cell_key(b, two);
	return strcmp(one, two) == 0;
}

static void set_if(struct record *record, int column, int64_t value)
{
	if (value)
		record_set_integer(record, column, value);
}

/* Sets the columns of the parameters that scenarios declare. */
static void set_own(struct record *record, const struct cell *cell)
{
	for (size_t i = 0; i < param_count; i++) {
		const struct param *param = &params[i];
		char column[CELL_TEXT_MAX];

		if (param->own < 0 || !(cell->own_given >> param->own & 1))
			continue;
		param_column_name(param, column);
		param_to_record(cell, param, record,
				schema_find(&results_schema, column));
	}
}

void cell_to_record(const struct cell *cell, struct record *record)
{
	char text[RECORD_FIELD_MAX];

	record_set_text(record, COLUMN_scenario, cell->scenario->id);
	if (cell->choice.id)
		record_set_text(record, COLUMN_backend, cell->choice.id);
	if (cell_has_queue(cell)) {
		param_get(cell, "wait", text);
		record_set_text(record, COLUMN_wait, text);
	}
	record_set_text(record, COLUMN_placement,
			placement_names[cell->placement]);
	cell_format_cpus(cell, text, sizeof(text));
	record_set_text(record, COLUMN_cpus, text);
	set_if(record, COLUMN_queues, cell->queues);
	set_if(record, COLUMN_producers, cell->producers);
	set_if(record, COLUMN_consumers, cell->consumers);
	set_if(record, COLUMN_capacity, cell->capacity);
	if (cell->stop)
		param_to_record(cell, param_find("stop"), record, COLUMN_stop);
	set_if(record, COLUMN_payload_bytes, cell->scenario->payload_bytes);
	record_set_integer(record, COLUMN_warmup_ns, cell->warmup_ns);
	record_set_integer(record, COLUMN_duration_ns,
			   cell->messages ? 0 : cell->duration_ns);
	set_own(record, cell);
}

int cell_from_record(struct cell *cell, const struct record *record,
		     struct fault *fault)
{
	memset(cell, 0, sizeof(*cell));
	for (size_t i = 0; i < param_count; i++) {
		char name[CELL_TEXT_MAX], text[NAME_SHORT_MAX];
		int column;

		param_column_name(&params[i], name);
		column = schema_find(record->schema, name);
		if (column < 0 || column == COLUMN_backend ||
		    !record_has(record, column) ||
		    record->schema->columns[column].role != ROLE_FACTOR)
			continue;
		name_value(record, column, text);
		if (params[i].set(cell, &params[i], text, fault) != 0)
			return -1;
	}
	if (cell->scenario)
		return 0;
	return fault_set(fault, EXIT_DATA, "the row has no scenario");
}
