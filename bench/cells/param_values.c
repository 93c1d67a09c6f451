/* SPDX-License-Identifier: BSD-2-Clause */
/* Converts the text of a parameter to its value in a cell, and back. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "ringbench_clock.h"
#include "param_values.h"
#include "text.h"

enum {
	NAMES_MAX = 128,
};

#define WAIT_NAME(arg, NAME, name, is_timed, is_blocking, meaning)  #name,
#define WAIT_TIMED(arg, NAME, name, is_timed, is_blocking, meaning) is_timed,
#define WAIT_BLOCKS(arg, NAME, name, is_timed, is_blocking, meaning) \
	is_blocking,
const char *const wait_names[WAIT_KINDS] = { WAIT_POLICIES(WAIT_NAME, ) };
const bool wait_takes_time[WAIT_KINDS] = { WAIT_POLICIES(WAIT_TIMED, ) };
const bool wait_blocks[WAIT_KINDS] = { WAIT_POLICIES(WAIT_BLOCKS, ) };

/* Longest time of a wait policy. A longer wait could delay the end of the
 * window. */
#define WAIT_NS_MAX RINGBENCH_NS_PER_S

static int unknown(struct fault *fault, const char *what, const char *word,
		   const char *const *names, size_t count)
{
	fault_set(fault, EXIT_USAGE, "unknown %s \"%.60s\"", what, word);
	return fault_suggest(fault, word, "", names, count,
			     "`ringbench list` shows all");
}

int param_set_scenario(struct cell *cell, const struct param *param,
		       const char *text, struct fault *fault)
{
	const char *names[NAMES_MAX];

	cell->scenario = registry_find_scenario(text);
	if (cell->scenario)
		return 0;
	for (size_t i = 0; i < registry_scenario_count; i++)
		names[i] = registry_scenarios[i]->id;
	return unknown(fault, param->name, text, names,
		       registry_scenario_count);
}

void param_get_scenario(const struct cell *cell, const struct param *param,
			char text[CELL_TEXT_MAX])
{
	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s", cell->scenario->id);
}

int param_set_backend(struct cell *cell, const struct param *param,
		      const char *text, struct fault *fault)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	if (registry_find_choice(text, &cell->choice))
		return 0;
	while (count < NAMES_MAX && registry_choice(count, &cell->choice))
		names[count++] = cell->choice.id;
	return unknown(fault, param->name, text, names, count);
}

void param_get_backend(const struct cell *cell, const struct param *param,
		       char text[CELL_TEXT_MAX])
{
	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s", cell->choice.id);
}

static int set_wait_time(struct cell *cell, const char *text, const char *colon,
			 struct fault *fault)
{
	const char *kind = wait_names[cell->wait.kind];

	if (!wait_takes_time[cell->wait.kind]) {
		if (!colon)
			return 0;
		return fault_set(fault, EXIT_USAGE,
				 "wait \"%.60s\": %s takes no time; write %s",
				 text, kind, kind);
	}
	if (colon && text_parse_duration(colon + 1, &cell->wait.ns) == 0 &&
	    cell->wait.ns > 0 && cell->wait.ns <= WAIT_NS_MAX)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "wait \"%.60s\": %s needs a time of at most 1s; "
			 "write, for example, %s:1ms",
			 text, kind, kind);
}

int param_set_wait(struct cell *cell, const struct param *param,
		   const char *text, struct fault *fault)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	char word[CELL_TEXT_MAX];

	cell->wait.ns = 0;
	for (int kind = 0; kind < WAIT_KINDS; kind++) {
		if (strlen(wait_names[kind]) != length ||
		    strncmp(wait_names[kind], text, length) != 0)
			continue;
		cell->wait.kind = (enum wait_kind)kind;
		return set_wait_time(cell, text, colon, fault);
	}
	snprintf(word, sizeof(word), "%.*s", (int)length, text);
	return unknown(fault, param->name, word, wait_names, WAIT_KINDS);
}

void param_get_wait(const struct cell *cell, const struct param *param,
		    char text[CELL_TEXT_MAX])
{
	char time[TEXT_NUMBER_MAX] = "";

	(void)param;
	if (wait_takes_time[cell->wait.kind])
		text_format_duration(cell->wait.ns, time);
	snprintf(text, CELL_TEXT_MAX, "%s%s%s", wait_names[cell->wait.kind],
		 *time ? ":" : "", time);
}

int param_set_placement(struct cell *cell, const struct param *param,
			const char *text, struct fault *fault)
{
	for (int i = 0; i < PLACEMENTS; i++) {
		cell->placement = (enum placement)i;
		if (strcmp(placement_names[i], text) == 0)
			return 0;
	}
	return unknown(fault, param->name, text, placement_names, PLACEMENTS);
}

void param_get_placement(const struct cell *cell, const struct param *param,
			 char text[CELL_TEXT_MAX])
{
	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s", placement_names[cell->placement]);
}

/* Stores the number, and notes that the parameter was given. */
static void store(struct cell *cell, const struct param *param, int64_t value)
{
	*param_number(cell, param) = value;
	if (param->own >= 0)
		cell->own_given |= UINT64_C(1) << param->own;
}

static int set_count(struct cell *cell, const struct param *param,
		     const char *text, struct fault *fault)
{
	int64_t value;

	if (text_parse_integer(text, param->low, param->high, &value) == 0) {
		store(cell, param, value);
		return 0;
	}
	return fault_set(fault, EXIT_USAGE,
			 "%s \"%.60s\": must be a whole number from %" PRId64
			 " to %" PRId64,
			 param->name, text, param->low, param->high);
}

static void get_count(const struct cell *cell, const struct param *param,
		      char text[CELL_TEXT_MAX])
{
	snprintf(text, CELL_TEXT_MAX, "%" PRId64, *param_number(cell, param));
}

static int set_rate(struct cell *cell, const struct param *param,
		    const char *text, struct fault *fault)
{
	char high[TEXT_NUMBER_MAX];
	int64_t value;

	if (text_parse_rate(text, &value) == 0 && value >= param->low &&
	    value <= param->high) {
		store(cell, param, value);
		return 0;
	}
	text_format_rate(param->high, high);
	return fault_set(fault, EXIT_USAGE,
			 "%s \"%.60s\": must be a whole number per second, at "
			 "most %s, for example 50k/s",
			 param->name, text, high);
}

static void get_rate(const struct cell *cell, const struct param *param,
		     char text[CELL_TEXT_MAX])
{
	text_format_rate(*param_number(cell, param), text);
}

static int set_time(struct cell *cell, const struct param *param,
		    const char *text, struct fault *fault)
{
	char low[TEXT_NUMBER_MAX], high[TEXT_NUMBER_MAX];
	int64_t ns;

	if (text_parse_duration(text, &ns) == 0 && ns >= param->low &&
	    ns <= param->high) {
		store(cell, param, ns);
		return 0;
	}
	text_format_duration(param->low, low);
	text_format_duration(param->high, high);
	return fault_set(fault, EXIT_USAGE,
			 "%s \"%.60s\": must be a time from %s to %s, for "
			 "example 300ms",
			 param->name, text, low, high);
}

static void get_time(const struct cell *cell, const struct param *param,
		     char text[CELL_TEXT_MAX])
{
	text_format_duration(*param_number(cell, param), text);
}

static int set_choice(struct cell *cell, const struct param *param,
		      const char *text, struct fault *fault)
{
	size_t count = 0;

	while (param->choices[count] &&
	       strcmp(param->choices[count], text) != 0)
		count++;
	if (param->choices[count]) {
		store(cell, param, (int64_t)count + 1);
		return 0;
	}
	return unknown(fault, param->name, text, param->choices, count);
}

static void get_choice(const struct cell *cell, const struct param *param,
		       char text[CELL_TEXT_MAX])
{
	int64_t value = *param_number(cell, param);

	snprintf(text, CELL_TEXT_MAX, "%s",
		 value ? param->choices[value - 1] : "0");
}

void param_values_complete(struct param *param)
{
	switch (param->kind) {
	case PARAM_COUNT:
	case PARAM_BYTES:
		param->set = set_count;
		param->get = get_count;
		break;
	case PARAM_RATE:
		param->set = set_rate;
		param->get = get_rate;
		break;
	case PARAM_TIME:
		param->set = set_time;
		param->get = get_time;
		break;
	case PARAM_CHOICE:
		param->set = set_choice;
		param->get = get_choice;
		break;
	case PARAM_OTHER:
		break;
	}
}

void param_to_record(const struct cell *cell, const struct param *param,
		     struct record *record, int column)
{
	int64_t value = *param_number(cell, param);
	char text[CELL_TEXT_MAX];

	if (record->schema->columns[column].type == TYPE_TEXT) {
		param->get(cell, param, text);
		record_set_text(record, column, text);
	} else if (value || param->kind != PARAM_TIME) {
		record_set_integer(record, column, value);
	}
}

int64_t cell_value(const struct cell *cell, const char *name)
{
	const struct param *param = param_find(name);

	if (!param)
		abort(); /* a scenario contains a misspelt name */
	return *param_number(cell, param);
}

void cell_set_value(struct cell *cell, const char *name, int64_t value)
{
	const struct param *param = param_find(name);

	if (!param)
		abort();
	store(cell, param, value);
}

void cell_leave_out(struct cell *cell, const char *name)
{
	const struct param *param = param_find(name);

	if (!param || param->own < 0)
		abort();
	*param_number(cell, param) = 0;
	cell->own_given &= ~(UINT64_C(1) << param->own);
}
