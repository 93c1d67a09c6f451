/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "measuring.h"
#include "names.h"
#include "policy.h"
#include "registry.h"
#include "ringbench_clock.h"
#include "signed_rank.h"
#include "text.h"

enum {
	KEY_PARAM = 0x1000, /* the key of an option is this number plus its
			       position in params[] */
	KEY_PLAN = 0x2000,
	KEY_ROUNDS,
	KEY_RETRY,
	KEY_SEED,
	KEY_OUT,
	KEY_DRY_RUN,
	KEY_NO_WAIT,
	OPTIONS_MAX = PLAN_PARAMS_MAX + 8,
	HELP_MAX = 256,
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct measuring *measuring = state->input;

	if (key >= KEY_PARAM && key < KEY_PARAM + (int)param_count) {
		measuring->line.lists[key - KEY_PARAM] = value;
		measuring->some_param = params[key - KEY_PARAM].name;
		return 0;
	}
	switch (key) {
	case KEY_PLAN:
		measuring->plan = value;
		return 0;
	case KEY_ROUNDS:
		measuring->rounds = value;
		return 0;
	case KEY_RETRY:
		measuring->retry = value;
		return 0;
	case KEY_SEED:
		measuring->seed = value;
		return 0;
	case KEY_OUT:
		measuring->out = value;
		return 0;
	case KEY_DRY_RUN:
		measuring->dry_run = true;
		return 0;
	case KEY_NO_WAIT:
		measuring->no_wait = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The options that apply to the whole run and not to one cell. */
static const struct argp_option own_options[] = {
	{ "plan", KEY_PLAN, "NAME|FILE", 0, "measure the cells of this plan",
	  1 },
	{ "rounds", KEY_ROUNDS, "N", 0,
	  "number of rounds; each round measures every cell once, in a new "
	  "random order",
	  1 },
	{ "retry", KEY_RETRY, "N", 0,
	  "measure a disturbed cell again at the end of the round, up to N "
	  "times (2); this makes a run at most half as long again",
	  1 },
	{ "seed", KEY_SEED, "N", 0, "seed of the random orders", 1 },
	{ "out", KEY_OUT, "DIR", 0,
	  "folder for the results; if the folder contains a run, add a session "
	  "to this run",
	  1 },
	{ "dry-run", KEY_DRY_RUN, 0, 0,
	  "show the cells, the order, the skipped cells with reasons, and the "
	  "expected time; measure nothing",
	  1 },
	{ "no-wait", KEY_NO_WAIT, 0, 0,
	  "if another run is measuring on this machine, end with exit code 6 "
	  "instead of waiting",
	  1 },
	{ 0, 0, 0, 0, 0, 0 },
};

const struct argp *measuring_argp(void)
{
	static struct argp_option options[OPTIONS_MAX];
	static char help[OPTIONS_MAX][HELP_MAX];
	static const struct argp argp = { options, parse, NULL, NULL,
					  NULL,	   NULL,  NULL };

	for (size_t i = 0; i < param_count; i++) {
		const char *scope = params[i].scope;

		options[i].name = params[i].name;
		options[i].key = KEY_PARAM + (int)i;
		options[i].arg = params[i].argument;
		snprintf(help[i], HELP_MAX, "%s%s%s", scope ? scope : "",
			 scope ? ": " : "", params[i].help);
		options[i].doc = help[i];
	}
	memcpy(&options[param_count], own_options, sizeof(own_options));
	return &argp;
}

/* The command line, written like a line of a plan, for run.json. The caller
 * frees it. */
static char *line_text(const struct plan_line *line)
{
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);

	if (!memory)
		abort();
	for (size_t i = 0; i < param_count; i++)
		if (line->lists[i])
			fprintf(memory, "%s--%s %s", ftello(memory) ? " " : "",
				params[i].name, line->lists[i]);
	if (fclose(memory) != 0)
		abort();
	return text;
}

int measuring_plan(const struct measuring *measuring, const char *usual,
		   struct plan *plan, const struct topology *topology)
{
	struct fault *fault = measuring->input.fault;
	char *text;
	int error;

	if (measuring->plan && measuring->some_param)
		return fault_set(
			fault, EXIT_USAGE,
			"cannot combine --%s with --plan; write the option "
			"into a copy of the plan, or remove --plan",
			measuring->some_param);
	if (measuring->some_param) {
		plan_init(plan, "cells");
		text = line_text(&measuring->line);
		error = plan_add(plan, &measuring->line, text, topology, fault);
		free(text);
	} else {
		error = plan_load(plan,
				  measuring->plan ? measuring->plan : usual,
				  topology, fault);
	}
	if (!error && measuring->rounds)
		error = plan_set_rounds(plan, measuring->rounds, fault);
	if (!error && measuring->retry)
		error = plan_set_retry(plan, measuring->retry, fault);
	if (!error && measuring->seed)
		error = plan_set_seed(plan, measuring->seed, fault);
	if (!error && plan->count == 0)
		error = fault_set(fault, EXIT_USAGE,
				  "nothing to measure: all cells are skipped; "
				  "the first is %s: %s",
				  plan->skipped[0].name,
				  plan->skipped[0].reason);
	return error;
}

static void print_skipped(const struct plan *plan)
{
	for (size_t i = 0; i < plan->skipped_count; i++)
		text_say(2, "skipped: %s: %s", plan->skipped[i].name,
			 plan->skipped[i].reason);
}

/* The number of rounds that a verdict needs if one table contains all cells,
 * with the usual family-wise error rate of 5 %. */
static void print_rounds_for_verdicts(const struct plan *plan)
{
	size_t judged = 0, needed;

	for (size_t i = 0; i < plan->count; i++)
		judged += !registry_is_not_a_queue(plan->cells[i].choice.id);
	if (judged == 0)
		return;
	needed = pairs_needed(0.05 / (double)judged);
	if (plan->rounds < (int64_t)needed)
		text_say(2,
			 "verdicts: %lld round%s are too few for verdicts "
			 "about %zu cell%s; use --rounds %zu",
			 (long long)plan->rounds, plan->rounds == 1 ? "" : "s",
			 judged, judged == 1 ? "" : "s", needed);
}

/* Prints the cells in this order, with their short names. */
static void print_order(const struct plan *plan, const size_t *order,
			size_t count, const char *const labels[2])
{
	struct record *rows = calloc(plan->count, sizeof(*rows));
	const struct record **all = calloc(plan->count, sizeof(*all));
	size_t sides = labels ? 2 : 1;
	char name[NAME_SHORT_MAX];
	struct naming naming;

	if (!rows || !all)
		abort();
	for (size_t i = 0; i < plan->count; i++) {
		record_init(&rows[i], &results_schema);
		cell_to_record(&plan->cells[i], &rows[i]);
		all[i] = &rows[i];
	}
	naming_make(&naming, all, plan->count);
	name_common(&naming, name);
	if (*name)
		text_say(2, "all: %s", name);
	for (size_t i = 0; i < count; i++) {
		name_short(&naming, all[order[i] / sides], name);
		text_say(6, "%4zu  %s%s%s%s", i + 1, name, labels ? " (" : "",
			 labels ? labels[order[i] % sides] : "",
			 labels ? ")" : "");
	}
	free(all);
	free(rows);
}

static void print_time(const struct plan *plan, double times)
{
	double seconds = times * plan_seconds(plan, plan->rounds);
	double more = times * (double)plan_retry_ns(plan, plan->rounds) /
		      RINGBENCH_NS_PER_S;
	char text[TEXT_NUMBER_MAX], longer[TEXT_NUMBER_MAX];

	text_format_seconds(seconds, text);
	text_format_seconds(seconds + more, longer);
	if (more > 0)
		text_say(2,
			 "expected time: %s; up to %s if observations are "
			 "disturbed",
			 text, longer);
	else
		text_say(2, "expected time: %s", text);
}

int measuring_print_dry_run(const struct measuring *measuring, bool as_text,
			    struct plan *plan, const char *const labels[2],
			    int64_t sessions)
{
	size_t sides = labels ? 2 : 1;
	size_t count = plan->count * sides;
	size_t *order = calloc(count, sizeof(*order));
	char several[TEXT_NUMBER_MAX] = "";

	if (!as_text) {
		free(order);
		return fault_set(measuring->input.fault, EXIT_USAGE,
				 "--dry-run prints only text; remove --json, "
				 "--markdown or --csv");
	}
	if (!order)
		abort();
	if (plan->seed < 0)
		plan->seed = 1; /* any seed; without --seed, a run chooses a
				   random seed */
	plan_shuffle(plan, 1, 1, sides, order);
	if (sessions > 1)
		snprintf(several, sizeof(several), " x %lld sessions",
			 (long long)sessions);
	text_say(2, "plan %s: %zu cell%s x %lld round%s%s%s", plan->name,
		 plan->count, plan->count == 1 ? "" : "s",
		 (long long)plan->rounds, plan->rounds == 1 ? "" : "s",
		 labels ? " x 2 sides" : "", several);
	printf("order of round 1 with seed %lld:\n", (long long)plan->seed);
	print_order(plan, order, count, labels);
	print_skipped(plan);
	print_time(plan, (double)sides * (double)sessions);
	print_rounds_for_verdicts(plan);
	free(order);
	return 0;
}

int measuring_paths(const struct measuring *measuring, const struct plan *plan,
		    const char *const labels[2], char paths[2][PATHS_MAX])
{
	char path[PATHS_MAX];
	size_t length;

	if (measuring->out)
		snprintf(path, sizeof(path), "%s", measuring->out);
	else if (run_folder_pair_path(plan->name, path,
				      measuring->input.fault) != 0)
		return -1;
	length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	for (int i = 0; i < 2; i++)
		snprintf(paths[i], PATHS_MAX, "%.4000s-%s", path, labels[i]);
	return 0;
}

/* Prints one line for each reason. --dry-run prints one line for each cell. */
static void print_reasons(const struct plan *plan)
{
	size_t *counts = calloc(plan->skipped_count + 1, sizeof(*counts));
	struct lookup reasons = { .count = 0 };

	if (!counts)
		abort();
	for (int print = 0; print < 2; print++)
		for (size_t i = 0; i < plan->skipped_count; i++) {
			const char *reason = plan->skipped[i].reason;
			bool added;
			uint32_t number = lookup_add(&reasons, reason,
						     strlen(reason), &added);

			if (!print)
				counts[number]++;
			else if (counts[number])
				fprintf(stderr, "skipped: %zu cell%s: %s\n",
					counts[number],
					counts[number] == 1 ? "" : "s", reason);
			if (print)
				counts[number] = 0;
		}
	lookup_free(&reasons);
	free(counts);
}

int measuring_lock(const struct measuring *measuring)
{
	if (policy_check(measuring->input.fault) != 0)
		return -1;
	return lock_machine(!measuring->no_wait, measuring->input.fault);
}

void measuring_print_warnings(const struct plan *plan,
			      const struct run_folder *folder)
{
	char text[512];

	print_reasons(plan);
	/* run.json contains the complete findings. */
	if (doctor_brief(&folder->doctor, text, sizeof(text)))
		fprintf(stderr, "doctor: %s\n", text);
}
