/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "ringbench_clock.h"
#include "paths.h"
#include "plan.h"
#include "text.h"

/* Some editors write this mark (UTF-8) at the start of a file. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define BLANKS		" \t"

/* Time to start and end a child process, used only for the expected time. */
#define CHILD_NS (15 * RINGBENCH_NS_PER_MS)

void plan_init(struct plan *plan, const char *name)
{
	memset(plan, 0, sizeof(*plan));
	snprintf(plan->name, sizeof(plan->name), "%.*s", PLAN_NAME_MAX - 1,
		 name);
	plan->rounds = PLAN_ROUNDS;
	plan->retry = PLAN_RETRY;
	plan->seed = -1;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->line_count; i++)
		free(plan->lines[i]);
	free(plan->lines);
	free(plan->cells);
	free(plan->skipped);
	lookup_free(&plan->keys);
	memset(plan, 0, sizeof(*plan));
}

static void skip(struct plan *plan, const struct cell *cell, const char *reason)
{
	struct skipped *skipped;

	plan->skipped = array_grow(plan->skipped, plan->skipped_count,
				   sizeof(*plan->skipped));
	skipped = &plan->skipped[plan->skipped_count++];
	cell_name(cell, skipped->name);
	snprintf(skipped->reason, sizeof(skipped->reason), "%s", reason);
}

/* Whether the first word of the command can be run. */
static bool command_exists(const char *command)
{
	const char *path = getenv("PATH");
	size_t length = strcspn(command, " ");
	char file[4096];

	while (path && *path) {
		size_t part = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%.*s", (int)part, path,
			 (int)length, command);
		if (access(file, X_OK) == 0)
			return true;
		path += part + (path[part] == ':');
	}
	return false;
}

/* Finds the CPUs of each placement only once, because this is slow on a machine
 * with thousands of CPUs. */
static const struct plan_place *place_of(struct plan *plan,
					 enum placement placement,
					 const struct topology *topology)
{
	struct plan_place *place = &plan->places[placement];

	if (!place->known)
		place->count = topology_place(topology, placement, place->cpus,
					      RIG_THREADS_MAX, place->reason);
	place->known = true;
	return place;
}

/* Finds the CPUs of the cell. Returns 0, or -1 with the reason why this machine
 * cannot run the cell. */
static int find_place(struct plan *plan, struct cell *cell,
		      const struct topology *topology,
		      char reason[SCENARIO_REASON_MAX])
{
	const struct external *external = cell->choice.external;
	const struct plan_place *place;

	if (external && !command_exists(external->command)) {
		snprintf(reason, SCENARIO_REASON_MAX, "%.*s is not installed",
			 (int)strcspn(external->command, " "),
			 external->command);
		return -1;
	}
	place = place_of(plan, cell->placement, topology);
	cell->cpu_count = place->count;
	if (cell->scenario->cpus_max &&
	    cell->cpu_count > cell->scenario->cpus_max)
		cell->cpu_count = cell->scenario->cpus_max;
	memcpy(cell->cpus, place->cpus, sizeof(cell->cpus));
	if (place->count >= 0)
		return 0;
	memcpy(reason, place->reason, sizeof(place->reason));
	return -1;
}

static void add_cell(struct plan *plan, struct cell *cell,
		     const struct topology *topology)
{
	char reason[SCENARIO_REASON_MAX], key[CELL_KEY_MAX];
	bool added;

	if (cell_complete(cell, reason) != 0 ||
	    find_place(plan, cell, topology, reason) != 0) {
		skip(plan, cell, reason);
		return;
	}
	cell_key(cell, key);
	lookup_add(&plan->keys, key, strlen(key), &added);
	if (!added) {
		skip(plan, cell, "the plan already contains this cell");
		return;
	}
	plan->cells = array_grow(plan->cells, plan->count,
				 sizeof(*plan->cells));
	plan->cells[plan->count++] = *cell;
}

static int add_product(struct plan *plan, const struct plan_line *line,
		       size_t at, const struct cell *so_far,
		       const struct topology *topology, struct fault *fault);

/* Sets parameter `at` to the value, and the following parameters to each of
 * their values in turn. */
static int add_value(struct plan *plan, const struct plan_line *line, size_t at,
		     const struct cell *so_far, const char *value,
		     const struct topology *topology, struct fault *fault)
{
	struct cell cell = *so_far;

	if (params[at].set(&cell, &params[at], value, fault) != 0)
		return -1;
	return add_product(plan, line, at + 1, &cell, topology, fault);
}

/* Sets parameter `at` to each value of its list, and for each value continues
 * with the next parameter. */
static int add_product(struct plan *plan, const struct plan_line *line,
		       size_t at, const struct cell *so_far,
		       const struct topology *topology, struct fault *fault)
{
	const char *list;
	struct cell cell = *so_far;

	if (at == param_count) {
		if (plan->count + plan->skipped_count >= PLAN_CELLS_MAX)
			return fault_set(fault, EXIT_USAGE,
					 "plan: has more than %d cells; "
					 "shorten the lists of values",
					 PLAN_CELLS_MAX);
		add_cell(plan, &cell, topology);
		return 0;
	}
	list = line->lists[at] ? line->lists[at] : params[at].fallback;
	/* A parameter without a value gets the default of the scenario
	 * later. */
	if (!line->lists[at] && (!*list || params[at].own >= 0))
		return add_product(plan, line, at + 1, so_far, topology, fault);
	for (;;) {
		size_t length = strcspn(list, ",");
		char *value = strndup(list, length);
		int error;

		if (!value)
			abort();
		error = add_value(plan, line, at, so_far, value, topology,
				  fault);
		free(value);
		if (error || !list[length])
			return error;
		list += length + 1;
	}
}

int plan_add(struct plan *plan, const struct plan_line *line, const char *text,
	     const struct topology *topology, struct fault *fault)
{
	const struct cell nothing = { .scenario = NULL };

	plan->lines = array_grow(plan->lines, plan->line_count,
				 sizeof(*plan->lines));
	plan->lines[plan->line_count++] = strdup(text);
	return add_product(plan, line, 0, &nothing, topology, fault);
}

int plan_set_rounds(struct plan *plan, const char *text, struct fault *fault)
{
	if (text_parse_integer(text, 1, PLAN_ROUNDS_MAX, &plan->rounds) == 0)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "rounds \"%.60s\": must be a whole number from 1 to "
			 "%d",
			 text, PLAN_ROUNDS_MAX);
}

int plan_set_retry(struct plan *plan, const char *text, struct fault *fault)
{
	if (text_parse_integer(text, 0, PLAN_RETRY_MAX, &plan->retry) == 0)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "retry \"%.60s\": must be a whole number from 0 to "
			 "%d",
			 text, PLAN_RETRY_MAX);
}

int plan_set_seed(struct plan *plan, const char *text, struct fault *fault)
{
	if (text_parse_integer(text, 0, UINT32_MAX, &plan->seed) == 0)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "seed \"%.60s\": must be a whole number from 0 to %u",
			 text, UINT32_MAX);
}

static int unknown_key(const char *key, struct fault *fault)
{
	const char *names[PLAN_PARAMS_MAX + 3];
	size_t count = 0;

	while (count < param_count) {
		names[count] = params[count].name;
		count++;
	}
	names[count++] = "rounds";
	names[count++] = "retry";
	names[count++] = "seed";
	fault_set(fault, EXIT_USAGE, "unknown key \"--%.60s\"", key);
	return fault_suggest(fault, key, "--", names, count,
			     "`ringbench list params` shows all");
}

/* Handles one --name VALUE. */
static int set_key(struct plan *plan, struct plan_line *line, const char *key,
		   const char *value, struct fault *fault)
{
	const struct param *param = param_find(key);

	if (!value)
		return fault_set(fault, EXIT_USAGE,
				 "--%.60s: has no value; write --%.60s VALUE",
				 key, key);
	if (strcmp(key, "rounds") == 0)
		return plan_set_rounds(plan, value, fault);
	if (strcmp(key, "retry") == 0)
		return plan_set_retry(plan, value, fault);
	if (strcmp(key, "seed") == 0)
		return plan_set_seed(plan, value, fault);
	if (!param)
		return unknown_key(key, fault);
	line->lists[param - params] = value;
	return 0;
}

int plan_parse_line(struct plan *plan, const char *text,
		    const struct topology *topology, struct fault *fault)
{
	struct plan_line line = { { NULL } };
	char *copy = strdup(text);
	bool has_params = false;
	char *rest;
	int error = 0;

	for (char *word = strtok_r(copy, BLANKS, &rest); word && !error;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		char *equals = strchr(word, '=');
		char *value = equals ? equals + 1 : NULL;

		if (strncmp(word, "--", 2) != 0) {
			error = fault_set(fault, EXIT_USAGE,
					  "\"%.60s\": expected --name VALUE",
					  word);
			break;
		}
		if (equals)
			*equals = '\0';
		else
			value = strtok_r(NULL, BLANKS, &rest);
		has_params |= param_find(word + 2) != NULL;
		error = set_key(plan, &line, word + 2, value, fault);
	}
	if (!error && has_params)
		error = plan_add(plan, &line, text, topology, fault);
	free(copy);
	return error;
}

/* Adds "FILE:LINE: " at the beginning of the fault. */
static int at_line(struct fault *fault, const char *path, size_t number)
{
	struct fault inner = *fault;

	return fault_set(fault, inner.exit_code, "%s:%zu: %.900s", path, number,
			 inner.text);
}

/* Removes the comment, the end of the line, and blanks before them. */
static void cut_line(char *line)
{
	size_t length = strcspn(line, "#\n");

	while (length && strchr(" \t\r", line[length - 1]))
		length--;
	line[length] = '\0';
	while ((line = strchr(line, '\t')))
		*line = ' ';
}

static int load_lines(struct plan *plan, FILE *file, const char *path,
		      const struct topology *topology, struct fault *fault)
{
	char *line = NULL;
	size_t room = 0, number = 0;
	ssize_t length;
	int error = 0;

	while (!error && (length = getline(&line, &room, file)) > 0) {
		number++;
		if (number == 1 && strncmp(line, BYTE_ORDER_MARK, 3) == 0)
			memset(line, ' ', 3);
		if (memchr(line, '\0', (size_t)length))
			error = fault_set(
				fault, EXIT_USAGE,
				"the line contains a NUL byte, so the file is "
				"not a plan; name a text file");
		cut_line(line);
		if (!error && line[strspn(line, BLANKS)])
			error = plan_parse_line(plan, line, topology, fault);
		if (error)
			at_line(fault, path, number);
	}
	if (!error && ferror(file))
		error = fault_set(fault, EXIT_USAGE,
				  "plan \"%.200s\": %s; name a file", path,
				  strerror(errno));
	free(line);
	return error;
}

/* The name of "bench/plans/quick.plan" is "quick". run.json and the run folder
 * contain this name. */
static int name_plan(struct plan *plan, const char *path, struct fault *fault)
{
	const char *base = strrchr(path, '/');
	size_t length;

	base = base ? base + 1 : path;
	length = strcspn(base, ".");
	if (length == 0 || length >= PLAN_NAME_MAX || !text_is_clean(base))
		return fault_set(
			fault, EXIT_USAGE,
			"plan \"%.200s\": cannot use the name of the file: the "
			"part before the first dot must have 1 to %d bytes and "
			"no control characters; rename the file",
			path, PLAN_NAME_MAX - 1);
	plan_init(plan, base);
	plan->name[length] = '\0';
	return 0;
}

int plan_load(struct plan *plan, const char *name,
	      const struct topology *topology, struct fault *fault)
{
	char found[PATHS_MAX], relative[PATHS_MAX];
	const char *path = name;
	FILE *file;
	int error;

	snprintf(relative, sizeof(relative), "bench/plans/%s.plan", name);
	if (!strchr(name, '/') && paths_find(relative, found) == 0)
		path = found;
	file = fopen(path, "re");
	if (!file)
		return fault_set(fault, EXIT_USAGE,
				 "plan \"%.200s\": %s; name a file, or one of "
				 "`ringbench list plans`",
				 name, strerror(errno));
	error = name_plan(plan, name, fault);
	if (!error)
		error = load_lines(plan, file, path, topology, fault);
	fclose(file);
	if (!error && plan->line_count == 0)
		error = fault_set(fault, EXIT_USAGE,
				  "%.200s: has no line with parameters; write "
				  "for example --scenario pingpong",
				  path);
	return error;
}

void plan_shuffle(const struct plan *plan, int64_t round, int64_t attempt,
		  size_t sides, size_t *order)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	for (size_t i = 0; i < plan->count * sides; i++)
		order[i] = i;
	/* A resumed run must find the same order, so the order depends only on
	 * seed, round and attempt. */
	gsl_rng_set(random, (unsigned long)(plan->seed * 1000003 +
					    (attempt - 1) * 100003 + round) &
				    UINT32_MAX);
	gsl_ran_shuffle(random, order, plan->count, sides * sizeof(*order));
	for (size_t i = 0; i < plan->count; i++)
		gsl_ran_shuffle(random, order + i * sides, sides,
				sizeof(*order));
	gsl_rng_free(random);
}

int64_t plan_cell_ns(const struct cell *cell)
{
	return cell->duration_ns + cell->warmup_ns + CHILD_NS;
}

static int64_t round_ns(const struct plan *plan)
{
	int64_t sum = 0;

	for (size_t i = 0; i < plan->count; i++)
		sum += plan_cell_ns(&plan->cells[i]);
	return sum;
}

double plan_seconds(const struct plan *plan, int64_t rounds)
{
	return (double)round_ns(plan) * (double)rounds / RINGBENCH_NS_PER_S;
}

/* Further attempts, and waits before attempts, make a run at most half as long
 * again. */
int64_t plan_retry_ns(const struct plan *plan, int64_t rounds)
{
	return plan->retry ? rounds * round_ns(plan) / 2 : 0;
}

int plan_set_budget(struct plan *plan, int64_t ns, struct fault *fault)
{
	int64_t round = round_ns(plan) + plan_retry_ns(plan, 1);

	if (round <= 0 || ns < round)
		return fault_set(
			fault, EXIT_USAGE,
			"--budget: one round needs up to %.3g s, but the "
			"budget is %.3g s; choose a longer time or fewer "
			"cells",
			(double)round / RINGBENCH_NS_PER_S,
			(double)ns / RINGBENCH_NS_PER_S);
	plan->rounds = ns / round < PLAN_ROUNDS_MAX ? ns / round
						    : PLAN_ROUNDS_MAX;
	return 0;
}
