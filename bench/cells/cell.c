/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "clock.h"
#include "text.h"

static void param_get(const struct cell *cell, const char *name,
		      char text[CELL_TEXT_MAX])
{
	const struct param *param = param_find(name);

	param->get(cell, param, text);
}

/* Whether the words of the list, up to its end or a semicolon, have it. */
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

/* The values that the program can do for the parameter; NULL: all. */
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
	const struct external *external = cell->contender.external;

	for (size_t i = 0; i < param_count; i++) {
		const char *list = only_values(external, params[i].name);
		char text[CELL_TEXT_MAX];

		params[i].get(cell, &params[i], text);
		if (!list || strcmp(text, "0") == 0 ||
		    list_has(list, text, strcspn(text, ":")))
			continue;
		snprintf(reason, SCENARIO_REASON_MAX, "%s does not do %s%s%s",
			 external->id, params[i].high ? params[i].name : "",
			 params[i].high ? " " : "", text);
		return -1;
	}
	return 0;
}

/* Takes the scenario's default, or refuses what it does not have. */
static int complete_count(const char *what, int64_t *value, int64_t fallback,
			  const char *scenario,
			  char reason[SCENARIO_REASON_MAX])
{
	if (*value == 0)
		*value = fallback;
	if (*value == 0 || fallback != 0)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s has no %s to choose",
		 scenario, what);
	return -1;
}

/* The scenario's default for the parameter, its own or the usual one; NULL:
 * it has no such parameter. */
static const char *own_default(const struct scenario *scenario,
			       const struct param *param,
			       char text[CELL_TEXT_MAX])
{
	const char *word = scenario->params ? scenario->params : "";
	size_t length = strlen(param->name);

	while (*word) {
		size_t item = strcspn(word, " ");

		if (strncmp(word, param->name, length) == 0) {
			if (item == length)
				return param->fallback;
			if (word[length] == '=') {
				snprintf(text, CELL_TEXT_MAX, "%.*s",
					 (int)(item - length - 1),
					 word + length + 1);
				return text;
			}
		}
		word += item + strspn(word + item, " ");
	}
	return NULL;
}

/* The parameters that only some scenarios have. */
static int complete_own(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	struct fault fault;

	for (size_t i = 0; i < param_count; i++) {
		char text[CELL_TEXT_MAX];
		const char *usual;

		if (!params[i].own)
			continue;
		usual = own_default(cell->scenario, &params[i], text);
		if (*param_number(cell, &params[i]) == 0) {
			if (usual)
				params[i].set(cell, &params[i], usual, &fault);
		} else if (!usual) {
			snprintf(reason, SCENARIO_REASON_MAX,
				 "%s has no %s to choose", cell->scenario->id,
				 params[i].name);
			return -1;
		}
	}
	return 0;
}

/* Whether there are backend, wait policy and capacity to choose. */
static bool has_queue(const struct cell *cell)
{
	return !cell->scenario->no_queue && cell->stages != STAGES_LOOP;
}

/* Messages that a queue holds when nobody says how many. */
static int64_t default_capacity(const struct cell *cell)
{
	int64_t own = cell->scenario->default_capacity;

	return own ? own : CAPACITY_DEFAULT;
}

/* The queue and how to wait for it. */
static int complete_queue(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct scenario *scenario = cell->scenario;
	const struct backend *backend;

	if (cell->contender.needs) {
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s is not in this build: it needs %s; `make "
			 "deps-peers` installs that",
			 cell->contender.id, cell->contender.needs);
		return -1;
	}
	if (scenario->no_queue && cell->contender.backend) {
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s has no queue; leave out --backend", scenario->id);
		return -1;
	}
	if (!has_queue(cell)) {
		cell->wait = (struct wait_policy){ WAIT_POLL, 0 };
		cell->capacity = 0;
		return 0;
	}
	if (!cell->contender.id)
		registry_find_contender("mutex", &cell->contender);
	backend = cell->contender.backend;
	if (!backend)
		return 0; /* another program has bounds of its own */
	if (backend->flags & BACKEND_UNBOUNDED && cell->capacity) {
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s is without bound; leave out --capacity",
			 backend->id);
		return -1;
	}
	if (backend->flags & BACKEND_NO_DEADLINE &&
	    cell->wait.kind == WAIT_TIMEOUT) {
		snprintf(reason, SCENARIO_REASON_MAX,
			 "%s waits for ever or not at all; wait=block does",
			 backend->id);
		return -1;
	}
	if (!cell->capacity && !(backend->flags & BACKEND_UNBOUNDED))
		cell->capacity = default_capacity(cell);
	return 0;
}

int cell_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct scenario *scenario = cell->scenario;

	if (complete_count("number of queues", &cell->queues,
			   scenario->default_queues, scenario->id, reason) ||
	    complete_count("number of producers", &cell->producers,
			   scenario->default_producers, scenario->id, reason) ||
	    complete_count("number of consumers", &cell->consumers,
			   scenario->default_consumers, scenario->id, reason) ||
	    complete_own(cell, reason) || complete_queue(cell, reason))
		return -1;
	if (scenario->complete && scenario->complete(cell, reason) != 0)
		return -1;
	if (cell->contender.external)
		return check_external(cell, reason);
	return scenario->check ? scenario->check(cell, reason) : 0;
}

int cell_threads(const struct cell *cell)
{
	return cell->scenario->threads(cell);
}

/* "queues=2" for the name, where there is something to tell. */
static void name_count(char name[CELL_NAME_MAX], const char *what,
		       int64_t value)
{
	size_t length = strlen(name);

	if (value)
		snprintf(name + length, CELL_NAME_MAX - length, " %s=%" PRId64,
			 what, value);
}

/* Those parameters of the scenario's own that are not as usual. */
static void name_own(const struct cell *cell, char name[CELL_NAME_MAX])
{
	for (size_t i = 0; i < param_count; i++) {
		char text[CELL_TEXT_MAX], room[CELL_TEXT_MAX];
		size_t length = strlen(name);
		const char *usual;

		if (!params[i].own || *param_number(cell, &params[i]) == 0)
			continue;
		usual = own_default(cell->scenario, &params[i], room);
		params[i].get(cell, &params[i], text);
		if (usual && strcmp(text, usual) != 0)
			snprintf(name + length, CELL_NAME_MAX - length,
				 " %s=%s", params[i].name, text);
	}
}

void cell_name(const struct cell *cell, char name[CELL_NAME_MAX])
{
	char wait[CELL_TEXT_MAX];

	param_get(cell, "wait", wait);
	snprintf(name, CELL_NAME_MAX, "%s %s%s%s %s", cell->scenario->id,
		 cell->contender.id ? cell->contender.id : "?",
		 has_queue(cell) ? " " : "", has_queue(cell) ? wait : "",
		 placement_names[cell->placement]);
	if (cell->scenario->default_queues > 1)
		name_count(name, "queues", cell->queues);
	name_count(name, "producers", cell->producers);
	name_count(name, "consumers", cell->consumers);
	if (cell->capacity != default_capacity(cell))
		name_count(name, "capacity", cell->capacity);
	name_own(cell, name);
}

bool cell_same(const struct cell *a, const struct cell *b)
{
	for (size_t i = 0; i < param_count; i++) {
		char one[CELL_TEXT_MAX], two[CELL_TEXT_MAX];

		if (strcmp(params[i].name, "duration") == 0 ||
		    strcmp(params[i].name, "messages") == 0)
			continue;
		params[i].get(a, &params[i], one);
		params[i].get(b, &params[i], two);
		if (strcmp(one, two) != 0)
			return false;
	}
	return true;
}

static void set_if(struct record *record, int column, int64_t value)
{
	if (value)
		record_set_integer(record, column, value);
}

/* The parameters of the scenario's own, in the columns of their names. */
static void set_own(struct record *record, const struct cell *cell)
{
	for (size_t i = 0; i < param_count; i++) {
		int64_t value;
		char text[CELL_TEXT_MAX];
		int column;

		if (!params[i].own)
			continue;
		value = *param_number(cell, &params[i]);
		param_column_name(&params[i], text);
		column = schema_find(&results_schema, text);
		if (value == 0 || column < 0)
			continue;
		if (results_schema.columns[column].type == TYPE_INTEGER) {
			record_set_integer(record, column, value);
			continue;
		}
		params[i].get(cell, &params[i], text);
		record_set_text(record, column, text);
	}
}

void cell_to_record(const struct cell *cell, struct record *record)
{
	char text[RECORD_FIELD_MAX];

	record_set_text(record, COLUMN_scenario, cell->scenario->id);
	record_set_text(record, COLUMN_backend, cell->contender.id);
	if (has_queue(cell)) {
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
	set_if(record, COLUMN_payload_bytes, cell->scenario->payload_bytes);
	record_set_integer(record, COLUMN_warmup_ns, cell->warmup_ns);
	record_set_integer(record, COLUMN_duration_ns,
			   cell->messages ? 0 : cell->duration_ns);
	set_own(record, cell);
}

/* Joins the CPUs of the first so many threads by +. */
static void join_cpus(const struct cell *cell, int threads, char *text,
		      size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (int i = 0; cell->cpu_count && i < threads; i++)
		if (length < size)
			length += (size_t)snprintf(
				text + length, size - length, "%s%d",
				i ? "+" : "", cell->cpus[i % cell->cpu_count]);
}

void cell_format_cpus(const struct cell *cell, char *text, size_t size)
{
	join_cpus(cell, cell_threads(cell), text, size);
}

/* Whether there is anything to tell another program about it. */
static bool applies(const struct cell *cell, const struct param *param)
{
	const struct contender *contender = &cell->contender;

	if (strcmp(param->name, "backend") == 0)
		return contender->backend || contender->external;
	if (strcmp(param->name, "wait") == 0)
		return has_queue(cell);
	/* 0: does not apply, or was not asked for; but no warm-up is one. */
	return !param->offset || *param_number(cell, param) ||
	       strcmp(param->name, "warmup") == 0;
}

void cell_write(const struct cell *cell, FILE *to)
{
	char text[RECORD_FIELD_MAX];

	for (size_t i = 0; i < param_count; i++) {
		const struct param *param = &params[i];
		char name[CELL_TEXT_MAX];

		param_column_name(param, name);
		param->get(cell, param, text);
		if (param->is_time)
			snprintf(text, sizeof(text), "%" PRId64,
				 *param_number(cell, param));
		if (!applies(cell, param))
			continue;
		fprintf(to, "%s %s\n", name, text);
	}
	/* Threads go round robin: the reader needs no CPU a second time. */
	join_cpus(cell,
		  cell_threads(cell) < cell->cpu_count ? cell_threads(cell)
						       : cell->cpu_count,
		  text, sizeof(text));
	if (*text)
		fprintf(to, "cpus %s\n", text);
	fprintf(to, "end\n");
}

static int read_cpus(struct cell *cell, char *text, struct fault *fault)
{
	char *rest;

	for (char *word = strtok_r(text, "+", &rest); word;
	     word = strtok_r(NULL, "+", &rest)) {
		int64_t cpu;

		if (cell->cpu_count == TOPOLOGY_CPUS_MAX ||
		    text_parse_integer(word, 0, INT32_MAX, &cpu) != 0)
			return fault_set(fault, EXIT_USAGE,
					 "cpus: \"%.60s\" is no CPU", word);
		cell->cpus[cell->cpu_count++] = (int)cpu;
	}
	return 0;
}

static const struct param *find_column(const char *name)
{
	for (size_t i = 0; i < param_count; i++) {
		char column[CELL_TEXT_MAX];

		param_column_name(&params[i], column);
		if (strcmp(column, name) == 0)
			return &params[i];
	}
	return NULL;
}

/* By its name, or by its column, where a time is in plain ns. */
static int read_line(struct cell *cell, char *name, char *value,
		     struct fault *fault)
{
	const struct param *param = param_find(name);
	char time[CELL_TEXT_MAX];

	if (strcmp(name, "cpus") == 0)
		return read_cpus(cell, value, fault);
	if (!param) {
		param = find_column(name);
		if (param && param->is_time) {
			snprintf(time, sizeof(time), "%.50sns", value);
			value = time;
		}
	}
	if (!param)
		return fault_set(fault, EXIT_USAGE,
				 "unknown parameter \"%.60s\"", name);
	return param->set(cell, param, value, fault);
}

int cell_read(struct cell *cell, FILE *from, struct fault *fault)
{
	char reason[SCENARIO_REASON_MAX];
	char line[RECORD_FIELD_MAX + CELL_TEXT_MAX];
	int error = 0;

	memset(cell, 0, sizeof(*cell));
	for (size_t i = 0; i < param_count && !error; i++)
		if (*params[i].fallback && !params[i].own)
			error = params[i].set(cell, &params[i],
					      params[i].fallback, fault);
	while (!error && fgets(line, sizeof(line), from)) {
		char *value = line + strcspn(line, " ");

		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "end") == 0)
			break;
		if (*value)
			*value++ = '\0';
		error = read_line(cell, line, value, fault);
	}
	if (error)
		return error;
	if (cell_complete(cell, reason) != 0)
		return fault_set(fault, EXIT_USAGE, "%s", reason);
	return 0;
}
