/* SPDX-License-Identifier: BSD-2-Clause */
/* The parameters of a cell: their names, ranges and defaults; see cell.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "clock.h"
#include "text.h"

enum {
	NAMES_MAX = 128,
	SUGGESTION_MAX = 128,
};

const char *const wait_names[WAIT_KINDS] = {
	[WAIT_POLL] = "poll",	[WAIT_SPIN] = "spin",
	[WAIT_YIELD] = "yield", [WAIT_SLEEP] = "sleep",
	[WAIT_BLOCK] = "block", [WAIT_TIMEOUT] = "timeout",
	[WAIT_PARK] = "park",
};

/* Whether the policy takes a time: sleep:1ms. */
static bool wait_is_timed(enum wait_kind kind)
{
	return kind == WAIT_SLEEP || kind == WAIT_TIMEOUT || kind == WAIT_PARK;
}

/* A wait longer than this would outlast the end of the run. */
#define WAIT_NS_MAX NS_PER_S

static int unknown(struct fault *fault, const char *what, const char *word,
		   const char *const *names, size_t count)
{
	const char *nearest = text_nearest(word, names, count);
	char hint[SUGGESTION_MAX] = "";

	if (nearest)
		snprintf(hint, sizeof(hint), ", did you mean \"%s\"?", nearest);
	return fault_set(fault, EXIT_USAGE,
			 "unknown %s \"%.60s\"%s `ringbench list` shows all",
			 what, word, *hint ? hint : ";");
}

static int set_scenario(struct cell *cell, const struct param *param,
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

static void get_scenario(const struct cell *cell, const struct param *param,
			 char text[CELL_TEXT_MAX])
{
	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s", cell->scenario->id);
}

static int set_backend(struct cell *cell, const struct param *param,
		       const char *text, struct fault *fault)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	if (registry_find_contender(text, &cell->contender))
		return 0;
	while (count < NAMES_MAX && registry_contender(count, &cell->contender))
		names[count++] = cell->contender.id;
	return unknown(fault, param->name, text, names, count);
}

static void get_backend(const struct cell *cell, const struct param *param,
			char text[CELL_TEXT_MAX])
{
	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s", cell->contender.id);
}

static int set_wait_time(struct cell *cell, const char *text, const char *colon,
			 struct fault *fault)
{
	const char *kind = wait_names[cell->wait.kind];

	if (!wait_is_timed(cell->wait.kind)) {
		if (!colon)
			return 0;
		return fault_set(fault, EXIT_USAGE,
				 "wait \"%.60s\": %s takes no time; say %s",
				 text, kind, kind);
	}
	if (colon && text_parse_duration(colon + 1, &cell->wait.ns) == 0 &&
	    cell->wait.ns > 0 && cell->wait.ns <= WAIT_NS_MAX)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "wait \"%.60s\": %s needs a time up to 1s; say for "
			 "example %s:1ms",
			 text, kind, kind);
}

static int set_wait(struct cell *cell, const struct param *param,
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

static void get_wait(const struct cell *cell, const struct param *param,
		     char text[CELL_TEXT_MAX])
{
	char time[TEXT_NUMBER_MAX] = "";

	(void)param;
	if (wait_is_timed(cell->wait.kind))
		text_format_duration(cell->wait.ns, time);
	snprintf(text, CELL_TEXT_MAX, "%s%s%s", wait_names[cell->wait.kind],
		 *time ? ":" : "", time);
}

static int set_placement(struct cell *cell, const struct param *param,
			 const char *text, struct fault *fault)
{
	for (int i = 0; i < PLACEMENTS; i++) {
		cell->placement = (enum placement)i;
		if (strcmp(placement_names[i], text) == 0)
			return 0;
	}
	return unknown(fault, param->name, text, placement_names, PLACEMENTS);
}

static void get_placement(const struct cell *cell, const struct param *param,
			  char text[CELL_TEXT_MAX])
{
	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s", placement_names[cell->placement]);
}

int64_t *param_number(const struct cell *cell, const struct param *param)
{
	return (int64_t *)((uintptr_t)cell + param->offset);
}

static int set_count(struct cell *cell, const struct param *param,
		     const char *text, struct fault *fault)
{
	if (text_parse_integer(text, param->low, param->high,
			       param_number(cell, param)) == 0)
		return 0;
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

static int set_time(struct cell *cell, const struct param *param,
		    const char *text, struct fault *fault)
{
	char low[TEXT_NUMBER_MAX], high[TEXT_NUMBER_MAX];
	int64_t *ns = param_number(cell, param);

	if (text_parse_duration(text, ns) == 0 && *ns >= param->low &&
	    *ns <= param->high)
		return 0;
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

/* clang-format off */
#define COUNT(field, low, high)                                                \
	set_count, get_count, offsetof(struct cell, field), low, high, false
#define TIME(field, low, high)                                                 \
	set_time, get_time, offsetof(struct cell, field), low, high, true

const struct param params[] = {
	{ "scenario", "NAME", "how threads and queues are wired", "pingpong",
	  set_scenario, get_scenario, 0, 0, 0, false },
	{ "backend", "NAME", "the queue", "mutex",
	  set_backend, get_backend, 0, 0, 0, false },
	{ "wait", "POLICY",
	  "poll, spin, yield, sleep:D, block, timeout:D or park:D", "block",
	  set_wait, get_wait, 0, 0, 0, false },
	{ "placement", "PLACE", "same-cpu, smt, llc, package, any or near",
	  "near", set_placement, get_placement, 0, 0, 0, false },
	{ "queues", "N", "pingpong: one queue or two", "",
	  COUNT(queues, 1, RIG_QUEUES_MAX) },
	{ "producers", "N", "stream: producing threads", "",
	  COUNT(producers, 1, PRODUCERS_MAX) },
	{ "consumers", "N", "stream: consuming threads", "",
	  COUNT(consumers, 1, PRODUCERS_MAX) },
	{ "capacity", "N", "messages that a queue holds", "1023",
	  COUNT(capacity, 1, 1 << 26) },
	{ "duration", "TIME", "length of the timed window", "200ms",
	  TIME(duration_ns, NS_PER_MS, 3600 * NS_PER_S) },
	{ "warmup", "TIME", "unmeasured run before it", "20ms",
	  TIME(warmup_ns, 0, 3600 * NS_PER_S) },
	{ "messages", "N", "pass so many instead of stopping by time; 0: by "
	  "time", "0", COUNT(messages, 0, INT64_C(1) << 40) },
};
/* clang-format on */

const size_t param_count = sizeof(params) / sizeof(params[0]);

const struct param *param_find(const char *name)
{
	for (size_t i = 0; i < param_count; i++)
		if (strcmp(params[i].name, name) == 0)
			return &params[i];
	return NULL;
}
