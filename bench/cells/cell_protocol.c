/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a cell for the process that measures it, and reads it there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "param_values.h"
#include "text.h"

/* Joins the CPUs of the first `threads` threads by +. */
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

/* Whether the parameter is sent to the program that measures the cell. */
static bool applies(const struct cell *cell, const struct param *param)
{
	const struct backend_choice *choice = &cell->choice;

	if (strcmp(param->name, "backend") == 0)
		return choice->backend || choice->external;
	if (strcmp(param->name, "wait") == 0)
		return cell_has_queue(cell);
	if (param->own >= 0)
		return cell->own_given >> param->own & 1;
	/* 0: the parameter does not apply or was not given. Exception: a
	 * warm-up of 0 is valid. */
	return !param->offset || *param_number(cell, param) ||
	       strcmp(param->name, "warmup") == 0;
}

/* Whether the scenario's own parameter has its default value. */
static bool has_default(const struct cell *cell, const struct param *param)
{
	char text[CELL_TEXT_MAX];
	const char *usual;
	struct cell other = *cell;
	struct fault fault;

	if (param->own < 0)
		return false;
	usual = scenario_default(cell->scenario, param, text);
	return usual && param->set(&other, param, usual, &fault) == 0 &&
	       *param_number(&other, param) == *param_number(cell, param);
}

void cell_write(const struct cell *cell, bool defaults, FILE *to)
{
	char text[RECORD_FIELD_MAX];

	for (size_t i = 0; i < param_count; i++) {
		const struct param *param = &params[i];
		char name[CELL_TEXT_MAX];

		param_column_name(param, name);
		param->get(cell, param, text);
		if (param->kind == PARAM_TIME)
			snprintf(text, sizeof(text), "%" PRId64,
				 *param_number(cell, param));
		if (!applies(cell, param) ||
		    (!defaults && has_default(cell, param)))
			continue;
		fprintf(to, "%s %s\n", name, text);
	}
	/* Threads get the CPUs in turn: each CPU is listed once. */
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

		if (cell->cpu_count == RIG_THREADS_MAX ||
		    text_parse_integer(word, 0, INT32_MAX, &cpu) != 0)
			return fault_set(fault, EXIT_USAGE,
					 "cpus: \"%.60s\" is not the number of "
					 "a CPU; write numbers joined by +",
					 word);
		cell->cpus[cell->cpu_count++] = (int)cpu;
	}
	return 0;
}

/* Finds the parameter by its name, or by its column with a time in ns. */
static int read_line(struct cell *cell, char *name, char *value,
		     struct fault *fault)
{
	const struct param *param = param_find(name);
	char time[CELL_TEXT_MAX];

	if (strcmp(name, "cpus") == 0)
		return read_cpus(cell, value, fault);
	if (!param) {
		param = param_of_column(name);
		if (param && param->kind == PARAM_TIME) {
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
	bool ended = false;
	int error = 0;

	memset(cell, 0, sizeof(*cell));
	for (size_t i = 0; i < param_count && !error; i++)
		if (*params[i].fallback && params[i].own < 0)
			error = params[i].set(cell, &params[i],
					      params[i].fallback, fault);
	while (!error && fgets(line, sizeof(line), from)) {
		char *value = line + strcspn(line, " ");

		line[strcspn(line, "\n")] = '\0';
		ended = strcmp(line, "end") == 0;
		if (ended)
			break;
		if (*value)
			*value++ = '\0';
		error = read_line(cell, line, value, fault);
	}
	if (error)
		return error;
	/* Without "end" the rest of the cell may be missing. */
	if (!ended)
		return fault_set(fault, EXIT_USAGE,
				 "the cell has no line \"end\", so the input "
				 "is incomplete; send the whole cell");
	if (cell_complete(cell, reason) != 0)
		return fault_set(fault, EXIT_USAGE, "%s", reason);
	return 0;
}
