/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench compare: two runs side by side, cell by cell. It describes; it
 * gives no verdict, since two runs differ by more than what is compared.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "run.h"
#include "text.h"

struct request {
	struct options_input input;
	const char *sides[2];
	int count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	request->sides[request->count++] = value;
	return 0;
}

/* What should be equal for the ratios to mean anything, and is not. */
static void print_differences(const struct run *base, const struct run *new)
{
	static const struct {
		const char *keys;
		const char *name;
	} facts[] = {
		{ "host_id", "host" },
		{ "host.caption", "machine" },
		{ "host.kernel.release", "kernel" },
		{ "build_id", "build" },
		{ "program.revision", "revision" },
		{ "program.compiler", "compiler" },
		{ "program.flags", "flags" },
		{ "program.libraries.ck", "ck" },
		{ "program.libraries.libc", "libc" },
		{ "plan.name", "plan" },
	};
	int differences = 0;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const char *a = run_fact(base, facts[i].keys);
		const char *b = run_fact(new, facts[i].keys);

		if (strcmp(a, b) == 0)
			continue;
		printf("differs: %-9s %.60s\n%18s %.60s\n", facts[i].name, a,
		       "->", b);
		differences++;
	}
	if (!differences)
		printf("same machine, build and plan\n");
}

static const struct group *counterpart(const struct run *run,
				       const struct group *group)
{
	for (size_t i = 0; i < run->groups.count; i++)
		if (group_same_but(&run->groups.groups[i], group, NULL, 0))
			return &run->groups.groups[i];
	return NULL;
}

/* "29.7M +-4%" */
static void format_side(const struct spread *rate, char *text, size_t size)
{
	char median[TEXT_NUMBER_MAX];

	text_format_short(rate->median, median);
	if (rate->has_interval)
		snprintf(text, size, "%6.10s +-%.0f%%", median,
			 50 * (rate->high - rate->low) / rate->median);
	else
		snprintf(text, size, "%6.10s", median);
}

static void name_group(const struct group *group, char *name, size_t size)
{
	const struct record *row = group->example;
	size_t length;

	length = (size_t)snprintf(
		name, size, "%s %s %s %s", record_text(row, COLUMN_scenario),
		record_text(row, COLUMN_backend), record_text(row, COLUMN_wait),
		record_text(row, COLUMN_placement));
	if (record_has(row, COLUMN_producers) && length < size)
		snprintf(name + length, size - length, " %lldx%lld",
			 (long long)record_integer(row, COLUMN_producers),
			 (long long)record_integer(row, COLUMN_consumers));
	else if (length < size)
		snprintf(name + length, size - length, " q%lld",
			 (long long)record_integer(row, COLUMN_queues));
}

static void print_cell(const struct group *base, const struct group *new)
{
	struct spread a = group_spread(base, COLUMN_throughput_msg_per_s);
	struct spread b = { .median = NAN };
	char left[32], right[32], name[128];

	if (new)
		b = group_spread(new, COLUMN_throughput_msg_per_s);
	name_group(base, name, sizeof(name));
	format_side(&a, left, sizeof(left));
	format_side(&b, right, sizeof(right));
	if (a.count && new &&b.count)
		printf("%-42.42s %-13s %-13s %7.3f\n", name, left, right,
		       b.median / a.median);
	else
		printf("%-42.42s %-13s %-13s %7s\n", name, left, right, "-");
}

static void print_comparison(const struct run *base, const struct run *new)
{
	size_t only_new = 0;

	printf("base: %s, %lld rounds\nnew:  %s, %lld rounds\n", base->path,
	       (long long)run_rounds(base), new->path,
	       (long long)run_rounds(new));
	print_differences(base, new);
	printf("\n%-42s %-13s %-13s %7s\n", "messages/s, median", "  base",
	       "  new", "new:base");
	for (size_t i = 0; i < base->groups.count; i++) {
		const struct group *group = &base->groups.groups[i];

		print_cell(group, counterpart(new, group));
	}
	for (size_t i = 0; i < new->groups.count; i++)
		only_new += !counterpart(base, &new->groups.groups[i]);
	if (only_new)
		printf("%zu cells are only in the new run\n", only_new);
	printf("\n+-: half of the median's 95 %% interval within a run. No "
	       "verdict: two runs differ\nby more than that, on a cloud "
	       "machine often by more than what is compared.\n");
}

int command_compare(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	static const struct argp_option options[] = { { 0, 0, 0, 0, 0, 0 } };
	static const struct argp argp = {
		options,
		parse,
		"BASE NEW",
		"Sets two runs (folders or results.csv files) side by side, "
		"cell by cell.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, { NULL, NULL }, 0 };
	struct run base, new;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 2, &request.input) != 0)
		return -1;
	if (request.count != 2)
		return fault_set(fault, EXIT_USAGE,
				 "compare needs two runs; say ringbench "
				 "compare BASE NEW");
	if (run_load(&base, request.sides[0], fault) != 0)
		return -1;
	if (run_load(&new, request.sides[1], fault) != 0) {
		run_free(&base);
		return -1;
	}
	print_comparison(&base, &new);
	run_free(&base);
	run_free(&new);
	return 0;
}
