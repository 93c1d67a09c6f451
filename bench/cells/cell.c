/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
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

static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*list) {
		size_t item = strcspn(list, " ");

		if (item == length && strncmp(list, word, length) == 0)
			return true;
		list += item + strspn(list + item, " ");
	}
	return false;
}

static int check_external(const struct cell *cell,
			  char reason[SCENARIO_REASON_MAX])
{
	const struct external *external = cell->contender.external;
	const char *wait = wait_names[cell->wait.kind];
	const char *place = placement_names[cell->placement];
	const char *cannot = NULL;

	if (!list_has(external->scenarios, cell->scenario->id))
		cannot = cell->scenario->id;
	else if (!list_has(external->waits, wait))
		cannot = wait;
	else if (!list_has(external->placements, place))
		cannot = place;
	if (!cannot)
		return 0;
	snprintf(reason, SCENARIO_REASON_MAX, "%s does not do %s", external->id,
		 cannot);
	return -1;
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

int cell_complete(struct cell *cell, char reason[SCENARIO_REASON_MAX])
{
	const struct scenario *scenario = cell->scenario;

	if (complete_count("number of queues", &cell->queues,
			   scenario->default_queues, scenario->id, reason) ||
	    complete_count("number of producers", &cell->producers,
			   scenario->default_producers, scenario->id, reason) ||
	    complete_count("number of consumers", &cell->consumers,
			   scenario->default_consumers, scenario->id, reason))
		return -1;
	if (cell->contender.external)
		return check_external(cell, reason);
	return scenario->check(cell, reason);
}

int cell_threads(const struct cell *cell)
{
	if (cell->scenario->default_producers)
		return (int)(cell->producers + cell->consumers);
	return 2;
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

void cell_name(const struct cell *cell, char name[CELL_NAME_MAX])
{
	char wait[CELL_TEXT_MAX];

	param_get(cell, "wait", wait);
	snprintf(name, CELL_NAME_MAX, "%s %s %s %s", cell->scenario->id,
		 cell->contender.id, wait, placement_names[cell->placement]);
	if (cell->scenario->default_queues > 1)
		name_count(name, "queues", cell->queues);
	name_count(name, "producers", cell->producers);
	name_count(name, "consumers", cell->consumers);
	if (cell->capacity != 1023)
		name_count(name, "capacity", cell->capacity);
}

bool cell_same(const struct cell *a, const struct cell *b)
{
	return a->scenario == b->scenario &&
	       strcmp(a->contender.id, b->contender.id) == 0 &&
	       a->wait.kind == b->wait.kind && a->wait.ns == b->wait.ns &&
	       a->placement == b->placement && a->queues == b->queues &&
	       a->producers == b->producers && a->consumers == b->consumers &&
	       a->capacity == b->capacity && a->warmup_ns == b->warmup_ns;
}

static void set_if(struct record *record, int column, int64_t value)
{
	if (value)
		record_set_integer(record, column, value);
}

void cell_to_record(const struct cell *cell, struct record *record)
{
	char text[RECORD_FIELD_MAX];

	record_set_text(record, COLUMN_scenario, cell->scenario->id);
	record_set_text(record, COLUMN_backend, cell->contender.id);
	param_get(cell, "wait", text);
	record_set_text(record, COLUMN_wait, text);
	record_set_text(record, COLUMN_placement,
			placement_names[cell->placement]);
	cell_format_cpus(cell, text, sizeof(text));
	record_set_text(record, COLUMN_cpus, text);
	set_if(record, COLUMN_queues, cell->queues);
	set_if(record, COLUMN_producers, cell->producers);
	set_if(record, COLUMN_consumers, cell->consumers);
	record_set_integer(record, COLUMN_capacity, cell->capacity);
	record_set_integer(record, COLUMN_payload_bytes,
			   cell->scenario->payload_bytes);
	record_set_integer(record, COLUMN_warmup_ns, cell->warmup_ns);
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

void cell_write(const struct cell *cell, FILE *to)
{
	char text[RECORD_FIELD_MAX];

	for (size_t i = 0; i < param_count; i++) {
		const struct param *param = &params[i];

		if (param->is_time) {
			fprintf(to, "%s_ns %" PRId64 "\n", param->name,
				*param_number(cell, param));
			continue;
		}
		param->get(cell, param, text);
		/* 0: does not apply, or was not asked for. */
		if (strcmp(text, "0") != 0)
			fprintf(to, "%s %s\n", param->name, text);
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

static int read_line(struct cell *cell, char *name, char *value,
		     struct fault *fault)
{
	size_t length = strlen(name);
	const struct param *param = param_find(name);
	char time[CELL_TEXT_MAX];

	if (strcmp(name, "cpus") == 0)
		return read_cpus(cell, value, fault);
	if (!param && length > 3 && strcmp(name + length - 3, "_ns") == 0) {
		name[length - 3] = '\0';
		param = param_find(name);
		snprintf(time, sizeof(time), "%.50sns", value);
		value = time;
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
		if (*params[i].fallback)
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
