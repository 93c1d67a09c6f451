/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench aa: compares this program with itself. Every difference that
 * compare and ab find here is false. The share of false verdicts shows how
 * reliable verdicts are on this machine. The differences between sessions show
 * the noise level of the machine.
 */
#include <errno.h>
#include <inttypes.h>

#include "build_info.h"
#include "commands.h"
#include "interrupt.h"
#include "judging.h"
#include "measuring.h"
#include "runner.h"
#include "self_check.h"
#include "text.h"

enum {
	KEY_SESSIONS = 0x3000,
	SESSIONS = 5, /* default of --sessions */
	SESSIONS_MAX = 1000,
	LABELS = 2,
};

static const char *const labels[LABELS] = { "a", "b" };

struct request {
	struct measuring measuring;
	struct format_choice format;
	int64_t sessions;
};

struct aa {
	const struct request *request;
	struct plan plan;
	struct topology *topology;
	char paths[LABELS][PATHS_MAX];
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		request->format.input = request->measuring.input;
		state->child_inputs[0] = &request->measuring;
		state->child_inputs[1] = &request->format;
		return 0;
	case KEY_SESSIONS:
		if (text_parse_integer(value, 1, SESSIONS_MAX,
				       &request->sessions) == 0)
			return 0;
		fault_set(request->measuring.input.fault, EXIT_USAGE,
			  "--sessions: cannot use the value \"%.60s\"; write a "
			  "whole number from 1 to %d",
			  value, SESSIONS_MAX);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_words(int argc, char **argv, struct request *request)
{
	static const struct argp_option options[] = {
		{ "sessions", KEY_SESSIONS, "N", 0,
		  "number of sessions; each session measures all rounds (5)",
		  1 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	const struct argp_child children[] = {
		{ measuring_argp(), 0, NULL, 0 },
		{ &format_argp, 0, NULL, 0 },
		{ NULL, 0, NULL, 0 },
	};
	const struct argp argp = {
		options,
		parse,
		NULL,
		"Measures this program twice, as ab measures two revisions. "
		"There is no real difference, so aa prints the share of false "
		"verdicts and the noise level between sessions. Without "
		"parameters, aa measures the plan `quick`.\vThe results are "
		"two runs: DIR-a and DIR-b with --out DIR, otherwise two "
		"folders in results/.",
		children,
		NULL,
		NULL,
	};

	return options_parse(&argp, argc, argv, 0, &request->measuring.input);
}

static int measure_session(struct aa *aa, bool first, enum exit_code *exit_code)
{
	struct fault *fault = aa->request->measuring.input.fault;
	struct run_folder folders[LABELS] = { { .results = -1, .threads = -1 },
					      { .results = -1,
						.threads = -1 } };
	struct runner_job job = {
		.plan = &aa->plan,
		.side_count = LABELS,
		.round = 1,
	};
	struct run_identity identity;
	int error = 0;

	run_identity_own(&identity);
	for (int i = 0; i < LABELS && !error; i++) {
		job.sides[i] = (struct runner_side){ .label = labels[i],
						     .folder = &folders[i] };
		error = run_folder_open(&folders[i], aa->paths[i], &identity,
					&aa->plan, aa->topology, fault);
	}
	if (!error) {
		if (first)
			measuring_print_warnings(&aa->plan, &folders[0]);
		error = runner_run(&job, exit_code, fault);
	}
	for (int i = 0; i < LABELS; i++) {
		if (!error)
			error = run_folder_finish(&folders[i], *exit_code,
						  fault);
		run_folder_free(&folders[i]);
	}
	json_decref(identity.program);
	return error;
}

static int run(struct aa *aa, enum exit_code *exit_code)
{
	const struct request *request = aa->request;
	struct interrupts interrupts;
	int error;

	interrupts_catch(&interrupts);
	error = measuring_lock(&request->measuring);
	if (!error)
		error = measuring_paths(&request->measuring, &aa->plan, labels,
					aa->paths);
	for (int64_t i = 1; i <= request->sessions && !error && !interrupted;
	     i++) {
		fprintf(stderr, "aa: session %" PRId64 " of %" PRId64 "\n", i,
			request->sessions);
		error = measure_session(aa, i == 1, exit_code);
		/* Each session has its own random orders. */
		aa->plan.seed++;
	}
	interrupts_release(&interrupts);
	if (interrupted)
		*exit_code = interrupts_code();
	return error;
}

static int conclude(const struct aa *aa, enum exit_code exit_code)
{
	struct judging usual;
	struct self_check check;
	struct output output;
	char text[512], caption[256];

	if (interrupted) {
		fprintf(stderr,
			"ringbench: interrupted; the finished observations "
			"are in %s and %s\n",
			aa->paths[0], aa->paths[1]);
		return 0;
	}
	judging_init(&usual, aa->request->measuring.input.fault);
	if (self_check_make(&check, aa->paths[0], aa->paths[1], &usual.options,
			    usual.input.fault) != 0)
		/* A more severe error of the measurement has already been
		 * printed. */
		return exit_code > usual.input.fault->exit_code ? 0 : -1;
	host_caption(caption, sizeof(caption));
	output_begin(&output, aa->request->format.format, stdout);
	snprintf(text, sizeof(text),
		 "aa: ringbench %.60s compared with itself, plan %.100s",
		 build_revision(), aa->plan.name);
	text_wrap(text, 0, output_text(&output));
	text_wrap(caption, 0, output_text(&output));
	self_check_print(&check, &output);
	fprintf(output_text(&output), "\nresults: %s\n         %s\n",
		aa->paths[0], aa->paths[1]);
	output_end(&output);
	self_check_free(&check);
	return 0;
}

int command_aa(int argc, char **argv, enum exit_code *exit_code,
	       struct fault *fault)
{
	struct request request = { .measuring = { .input = { fault } },
				   .sessions = SESSIONS };
	struct aa aa = { .request = &request };
	int error;

	*exit_code = EXIT_FINE;
	if (parse_words(argc, argv, &request) != 0)
		return -1;
	error = topology_load(&aa.topology, fault);
	if (!error)
		error = measuring_plan(&request.measuring, "quick", &aa.plan,
				       aa.topology);
	if (!error && request.measuring.dry_run) {
		error = measuring_print_dry_run(
			&request.measuring,
			request.format.format == OUTPUT_TEXT, &aa.plan, labels,
			request.sessions);
	} else if (!error) {
		error = run(&aa, exit_code);
		if (!error)
			error = conclude(&aa, *exit_code);
	}
	plan_free(&aa.plan);
	if (aa.topology)
		topology_free(aa.topology);
	return error;
}
