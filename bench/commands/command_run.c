/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench run: measures a plan, or the cells named on the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "findings.h"
#include "options.h"
#include "plan.h"
#include "report.h"
#include "run_folder.h"
#include "runner.h"
#include "text.h"

enum {
	KEY_PARAM = 0x1000, /* + position in params[] */
	KEY_PLAN = 0x2000,
	KEY_ROUNDS,
	KEY_SEED,
	KEY_OUT,
	KEY_RESUME,
	KEY_DRY_RUN,
	OPTIONS_MAX = PLAN_PARAMS_MAX + 8,
	LINE_MAX_LENGTH = 4096,
};

struct request {
	struct options_input input;
	struct plan_line line;
	const char *some_param; /* one that was given */
	const char *plan;
	const char *rounds;
	const char *seed;
	const char *out;
	const char *resume;
	bool dry_run;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key >= KEY_PARAM && key < KEY_PARAM + (int)param_count) {
		request->line.lists[key - KEY_PARAM] = value;
		request->some_param = params[key - KEY_PARAM].name;
		return 0;
	}
	switch (key) {
	case KEY_PLAN:
		request->plan = value;
		return 0;
	case KEY_ROUNDS:
		request->rounds = value;
		return 0;
	case KEY_SEED:
		request->seed = value;
		return 0;
	case KEY_OUT:
		request->out = value;
		return 0;
	case KEY_RESUME:
		request->resume = value;
		return 0;
	case KEY_DRY_RUN:
		request->dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The options that are not parameters of a cell. */
static const struct argp_option own_options[] = {
	{ "plan", KEY_PLAN, "NAME|FILE", 0,
	  "the cells of a plan; without any cells given: tutorial", 1 },
	{ "rounds", KEY_ROUNDS, "N", 0,
	  "measure every cell so often, in a new order each time", 1 },
	{ "seed", KEY_SEED, "N", 0, "of the random orders", 1 },
	{ "out", KEY_OUT, "DIR", 0,
	  "folder for the results, or a run to add a session to", 1 },
	{ "resume", KEY_RESUME, "DIR", 0, "go on with a run that was cut off",
	  1 },
	{ "dry-run", KEY_DRY_RUN, 0, 0,
	  "show cells, what is left out and why, order and time", 1 },
	{ 0, 0, 0, 0, 0, 0 },
};

static int parse_words(int argc, char **argv, struct request *request)
{
	struct argp_option options[OPTIONS_MAX] = { 0 };
	struct argp argp = {
		options,
		parse,
		NULL,
		"Measures cells: combinations of the parameters. A parameter "
		"takes a list, a,b,c; lists make a product.",
		NULL,
		NULL,
		NULL,
	};
	size_t count = 0;

	for (size_t i = 0; i < param_count; i++) {
		options[count].name = params[i].name;
		options[count].key = KEY_PARAM + (int)i;
		options[count].arg = params[i].argument;
		options[count++].doc = params[i].help;
	}
	memcpy(&options[count], own_options, sizeof(own_options));
	return options_parse(&argp, argc, argv, 0, &request->input);
}

static int check_request(const struct request *request)
{
	struct fault *fault = request->input.fault;

	if (request->resume &&
	    (request->plan || request->some_param || request->out ||
	     request->rounds || request->seed || request->dry_run))
		return fault_set(fault, EXIT_USAGE,
				 "--resume goes on with the stored plan; leave "
				 "out the other options");
	if (request->plan && request->some_param)
		return fault_set(fault, EXIT_USAGE,
				 "--%s belongs into the lines of the plan; "
				 "edit a copy of it, or leave out --plan",
				 request->some_param);
	return 0;
}

/* The command line in the form of a plan's line, for run.json. */
static void line_text(const struct plan_line *line, char text[LINE_MAX_LENGTH])
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < param_count; i++)
		if (line->lists[i] && length < LINE_MAX_LENGTH)
			length += (size_t)snprintf(
				text + length, LINE_MAX_LENGTH - length,
				"%s--%s %s", length ? " " : "", params[i].name,
				line->lists[i]);
}

static int make_plan(const struct request *request, struct plan *plan,
		     const struct topology *topology)
{
	struct fault *fault = request->input.fault;
	char text[LINE_MAX_LENGTH];
	int error;

	if (request->some_param) {
		plan_init(plan, "cells");
		line_text(&request->line, text);
		error = plan_add(plan, &request->line, text, topology, fault);
	} else {
		error = plan_load(plan,
				  request->plan ? request->plan : "tutorial",
				  topology, fault);
	}
	if (!error && request->rounds)
		error = plan_set_rounds(plan, request->rounds, fault);
	if (!error && request->seed)
		error = plan_set_seed(plan, request->seed, fault);
	if (!error && plan->count == 0)
		error = fault_set(
			fault, EXIT_USAGE, "nothing to measure: %s: %s",
			plan->skipped[0].name, plan->skipped[0].reason);
	return error;
}

static void print_skipped(const struct plan *plan)
{
	for (size_t i = 0; i < plan->skipped_count; i++)
		printf("left out: %s: %s\n", plan->skipped[i].name,
		       plan->skipped[i].reason);
}

/* One line a reason: with --dry-run every cell is named. */
static void summarise_skipped(const struct plan *plan)
{
	for (size_t i = 0; i < plan->skipped_count; i++) {
		const char *reason = plan->skipped[i].reason;
		size_t first = 0, same = 0;

		while (strcmp(plan->skipped[first].reason, reason) != 0)
			first++;
		for (size_t j = i; first == i && j < plan->skipped_count; j++)
			same += strcmp(plan->skipped[j].reason, reason) == 0;
		if (same)
			fprintf(stderr, "left out: %zu cell%s: %s\n", same,
				same == 1 ? "" : "s", reason);
	}
}

static void print_dry_run(struct plan *plan)
{
	size_t *order = calloc(plan->count, sizeof(*order));
	char name[CELL_NAME_MAX], time[TEXT_NUMBER_MAX];

	if (!order)
		abort();
	if (plan->seed < 0)
		plan->seed = 1; /* an example: a run draws its own */
	plan_shuffle(plan, 1, order);
	printf("plan %s: %zu cells x %lld rounds\norder of round 1 with seed "
	       "%lld:\n",
	       plan->name, plan->count, (long long)plan->rounds,
	       (long long)plan->seed);
	for (size_t i = 0; i < plan->count; i++) {
		cell_name(&plan->cells[order[i]], name);
		printf("%4zu  %s\n", i + 1, name);
	}
	print_skipped(plan);
	text_format_seconds(plan_seconds(plan, plan->rounds), time);
	printf("expected time: %s\n", time);
	free(order);
}

/* The long form is in run.json. */
static void print_doctor(const struct run_folder *folder)
{
	char text[512];

	if (doctor_brief(&folder->doctor, text, sizeof(text)))
		fprintf(stderr, "doctor: %s\n", text);
}

/* Says how the run ended, beyond its rows. */
static void print_end(const struct run_folder *folder, enum exit_code worst)
{
	printf("\nresults: %s/results.csv\n", folder->path);
	if (worst == EXIT_INTERRUPTED || worst == EXIT_TERMINATED)
		fprintf(stderr,
			"ringbench: interrupted; what is finished is kept. Go "
			"on with: ringbench run --resume %s\n",
			folder->path);
}

static int measure(const struct request *request, struct plan *plan,
		   const struct topology *topology, enum exit_code *exit_code)
{
	struct fault *fault = request->input.fault;
	struct fault report_fault;
	struct run_folder folder;
	int64_t round = 1;
	int error;

	if (request->resume)
		error = run_folder_resume(&folder, request->resume, plan,
					  topology, &round, fault);
	else
		error = run_folder_open(&folder, request->out, plan, topology,
					fault);
	if (!error) {
		summarise_skipped(plan);
		print_doctor(&folder);
		error = runner_run(plan, &folder, round, exit_code, fault);
	}
	if (!error)
		error = run_folder_finish(&folder, *exit_code, fault);
	if (!error) {
		if (report_write(folder.path, NULL, stdout, &report_fault) != 0)
			fprintf(stderr, "ringbench: no report: %s\n",
				report_fault.text);
		print_end(&folder, *exit_code);
	}
	run_folder_free(&folder);
	return error;
}

int command_run(int argc, char **argv, enum exit_code *exit_code,
		struct fault *fault)
{
	struct request request = { .input = { fault } };
	struct topology *topology = NULL;
	struct plan plan = { .lines = NULL };
	int error;

	if (parse_words(argc, argv, &request) != 0 ||
	    check_request(&request) != 0)
		return -1;
	error = topology_load(&topology, fault);
	if (!error && !request.resume)
		error = make_plan(&request, &plan, topology);
	if (!error && request.dry_run)
		print_dry_run(&plan);
	else if (!error)
		error = measure(&request, &plan, topology, exit_code);
	plan_free(&plan);
	if (topology)
		topology_free(topology);
	return error;
}
