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

static int set_choice(struct cell *cell, const struct param *param,
		      const char *text, struct fault *fault)
{
	size_t count = 0;

	while (param->choices[count] &&
	       strcmp(param->choices[count], text) != 0)
		count++;
	*param_number(cell, param) = (int64_t)count + 1;
	if (param->choices[count])
		return 0;
	return unknown(fault, param->name, text, param->choices, count);
}

static void get_choice(const struct cell *cell, const struct param *param,
		       char text[CELL_TEXT_MAX])
{
	int64_t value = *param_number(cell, param);

	snprintf(text, CELL_TEXT_MAX, "%s",
		 value ? param->choices[value - 1] : "0");
}

int cell_stage_width(const struct cell *cell, int stage)
{
	return stage < STAGES_MAX ? (int)(cell->stages >> 8 * stage & 0xff) : 0;
}

/* Widths of at most so many threads, so that 8 stages fit the rig. */
enum {
	WIDTH_MAX = 15,
};

static int set_stages(struct cell *cell, const struct param *param,
		      const char *text, struct fault *fault)
{
	const char *at = text;
	int count = 0;

	cell->stages = STAGES_LOOP;
	if (strcmp(text, "loop") == 0)
		return 0;
	cell->stages = 0;
	for (;; at++) {
		size_t length = strcspn(at, "+");
		char width[CELL_TEXT_MAX];
		int64_t value;

		snprintf(width, sizeof(width), "%.*s", (int)length, at);
		if (count == STAGES_MAX ||
		    text_parse_integer(width, 1, WIDTH_MAX, &value) != 0)
			return fault_set(
				fault, EXIT_USAGE,
				"%s \"%.60s\": must be the widths of 1 "
				"to %d stages, each from 1 to %d, for "
				"example 4+1; or loop",
				param->name, text, STAGES_MAX, WIDTH_MAX);
		cell->stages |= value << 8 * count++;
		at += length;
		if (!*at)
			return 0;
	}
}

static void get_stages(const struct cell *cell, const struct param *param,
		       char text[CELL_TEXT_MAX])
{
	size_t length = 0;

	(void)param;
	snprintf(text, CELL_TEXT_MAX, "%s",
		 cell->stages == STAGES_LOOP ? "loop" : "0");
	for (int i = 0; cell->stages > 0 && cell_stage_width(cell, i); i++)
		length += (size_t)snprintf(
			text + length, CELL_TEXT_MAX - length, "%s%d",
			i ? "+" : "", cell_stage_width(cell, i));
}

/* In the order of the enums in scenario.h. */
static const char *const stop_names[] = { "event", "sentinel", NULL };
static const char *const until_names[] = { "stop", "empty", NULL };
static const char *const sync_names[] = { "none",   "mutex", "spinlock",
					  "atomic", "ck",    "sharded",
					  NULL };
static const char *const share_names[] = { "threads", "processes", NULL };
static const char *const lock_names[] = { "element", "list", NULL };
static const char *const work_names[] = { "numbers", "balance", NULL };
static const char *const event_names[] = { "futex", "cond", "sem", "eventfd",
					   NULL };
static const char *const source_names[] = { "http", "synthetic", "cpu", NULL };
static const char *const claim_names[] = { "excl", "look", NULL };

#define NAMED(field) .set = set_##field, .get = get_##field
#define COUNT(field, from, to)              \
	.set = set_count, .get = get_count, \
	.offset = offsetof(struct cell, field), .low = (from), .high = (to)
#define TIME(field, from, to)                                                \
	.set = set_time, .get = get_time,                                    \
	.offset = offsetof(struct cell, field), .low = (from), .high = (to), \
	.is_time = true
#define CHOICE(field)                                                     \
	.set = set_choice, .get = get_choice,                             \
	.offset = offsetof(struct cell, field), .choices = field##_names, \
	.own = true

/* clang-format off */
const struct param params[] = {
	{ "scenario", "NAME", "how threads and queues are wired", "pingpong",
	  NAMED(scenario) },
	{ "backend", "NAME", "the queue (mutex)", "", NAMED(backend) },
	{ "wait", "POLICY",
	  "poll, spin, yield, sleep:D, block, timeout:D or park:D", "block",
	  NAMED(wait) },
	{ "placement", "PLACE", "same-cpu, smt, llc, package, any or near",
	  "near", NAMED(placement) },
	{ "queues", "N", "pingpong: one queue or two (2)", "",
	  COUNT(queues, 1, 2) },
	{ "producers", "N", "producing threads; counter: threads", "",
	  COUNT(producers, 1, PRODUCERS_MAX) },
	{ "consumers", "N", "consuming threads", "",
	  COUNT(consumers, 1, PRODUCERS_MAX) },
	{ "capacity", "N", "messages that a queue holds (1023; pipeline: 15)", "",
	  COUNT(capacity, 1, 1 << 26) },
	{ "duration", "TIME", "length of the timed window", "200ms",
	  TIME(duration_ns, NS_PER_MS, 3600 * NS_PER_S) },
	{ "warmup", "TIME", "unmeasured run before it", "20ms",
	  TIME(warmup_ns, 0, 3600 * NS_PER_S) },
	{ "messages", "N", "pass so many instead of stopping by time; 0: by "
	  "time", "0", COUNT(messages, 0, INT64_C(1) << 40) },
	{ "stop", "HOW", "event or sentinel", "event", CHOICE(stop) },
	{ "until", "WHEN", "stream: a consumer ends at stop, or when empty",
	  "stop", CHOICE(until) },
	{ "produce-every", "TIME", "stream: pace of a producer", "0ns",
	  TIME(produce_every_ns, 0, NS_PER_S), .own = true },
	{ "consume-every", "TIME", "stream: rest after a message", "0ns",
	  TIME(consume_every_ns, 0, NS_PER_S), .own = true },
	{ "batch", "N", "stream: messages passed at once, up to 256", "1",
	  COUNT(batch, 1, 256), .own = true },
	{ "payload", "BYTES", "stream: of a message, up to 4096; above 8 by "
	  "reference", "8", COUNT(payload, 8, 4096), .own = true,
	  .is_bytes = true },
	{ "sync", "HOW", "counter: none, mutex, spinlock, atomic, ck, sharded",
	  "mutex", CHOICE(sync) },
	{ "share", "WHAT", "counter: threads or processes", "threads",
	  CHOICE(share) },
	{ "lock", "WHAT", "counter: one for each element, or for the list",
	  "element", CHOICE(lock) },
	{ "work", "WHAT", "counter: numbers or balance", "numbers",
	  CHOICE(work) },
	{ "pause", "TIME", "counter: sleep between iterations", "0ns",
	  TIME(pause_ns, 0, NS_PER_S), .own = true },
	{ "event", "WHAT", "handshake: futex, cond, sem or eventfd", "futex",
	  CHOICE(event) },
	{ "stages", "N+N", "pipeline: threads of each stage, or loop", "4+1",
	  NAMED(stages), .own = true,
	  .offset = offsetof(struct cell, stages) },
	{ "source", "WHAT", "pipeline: http, synthetic or cpu", "http",
	  CHOICE(source) },
	{ "service", "TIME", "pipeline: mean time to serve a page", "1ms",
	  TIME(service_ns, NS_PER_US, NS_PER_S), .own = true },
	{ "claim", "HOW", "pipeline: a saver's name by excl or look", "excl",
	  CHOICE(claim) },
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

void param_column_name(const struct param *param, char name[CELL_TEXT_MAX])
{
	snprintf(name, CELL_TEXT_MAX, "%s%s", param->name,
		 param->is_time	   ? "_ns"
		 : param->is_bytes ? "_bytes"
				   : "");
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
}
