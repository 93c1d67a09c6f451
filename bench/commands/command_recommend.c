/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench recommend: recommends a queue and a wait policy for a load. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "hosts.h"
#include "interrupt.h"
#include "measuring.h"
#include "ringbench_clock.h"
#include "runner.h"
#include "text.h"
#include "trial.h"

enum {
	KEY_WISH = 0x1000, /* the key of an option is this number plus its
			      position in wish_options[] */
	KEY_BUDGET = 0x2000,
	KEY_JSON,
	KEY_MARKDOWN,
	KEY_HOST,
};

#define BUDGET_NS (90 * RINGBENCH_NS_PER_S)

struct request {
	struct options_input input;
	struct wishes wishes;
	int64_t budget_ns; /* 0: not given */
	enum answer_format format;
	const char *host;
	const char *run; /* NULL: results/latest if it has the load, otherwise
			    measure */
};

static const struct argp_option options[] = {
	{ "producers", KEY_WISH, "N", 0, "number of producer threads (1)", 0 },
	{ "consumers", KEY_WISH + 1, "N", 0, "number of consumer threads (1)",
	  0 },
	{ "rate", KEY_WISH + 2, "N/s", 0,
	  "messages a second of all producers together, such as 50k/s", 0 },
	{ "cpu", KEY_WISH + 3, "N%", 0,
	  "largest CPU time of all consumers together, in percent of one CPU",
	  0 },
	{ "latency", KEY_WISH + 4, "pNN:TIME", 0,
	  "largest latency, such as p99:20us; p50, p90, p99 or p999", 0 },
	{ "order", KEY_WISH + 5, "ORDER", 0,
	  "order of messages that the queue must keep: fifo, per-producer or "
	  "any (any)",
	  0 },
	{ "blocking", KEY_WISH + 6, "yes|no", 0,
	  "yes: push and pop may block; no: they must be lock-free or "
	  "wait-free (yes)",
	  0 },
	{ "bounded", KEY_WISH + 7, "yes|no", 0,
	  "yes: only queues with a limited capacity (no)", 0 },
	{ "budget", KEY_BUDGET, "TIME", 0,
	  "time to measure, if no run has this load (90s)", 1 },
	HOST_OPTION(KEY_HOST),
	{ "json", KEY_JSON, 0, 0, "print JSON", 1 },
	{ "markdown", KEY_MARKDOWN, 0, 0, "print Markdown", 1 },
	{ 0, 0, 0, 0, 0, 0 },
};

static error_t parse_budget(struct request *request, const char *value)
{
	if (text_parse_duration(value, &request->budget_ns) == 0 &&
	    request->budget_ns >= RINGBENCH_NS_PER_S)
		return 0;
	fault_set(request->input.fault, EXIT_USAGE,
		  "--budget \"%.60s\" is not possible; write a time of at "
		  "least 1s, such as 90s",
		  value);
	return EINVAL;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key >= KEY_WISH && key < KEY_WISH + 8)
		return wishes_set(&request->wishes,
				  options[key - KEY_WISH].name, value,
				  request->input.fault)
			       ? EINVAL
			       : 0;
	switch (key) {
	case KEY_BUDGET:
		return parse_budget(request, value);
	case KEY_JSON:
		request->format = ANSWER_JSON;
		return 0;
	case KEY_MARKDOWN:
		request->format = ANSWER_MARKDOWN;
		return 0;
	case KEY_HOST:
		request->host = value;
		return 0;
	case ARGP_KEY_ARG:
		request->run = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Reads the run and prints the answer. *found: whether the run has cells with
 * the load. If it has none, prints nothing unless `must` is set. */
static int answer_from(const struct request *request, const char *path,
		       bool must, bool *found)
{
	struct wishes wishes = request->wishes;
	struct candidates candidates;
	struct decision decision;
	struct run run;

	if (run_load_host(&run, path, request->host, request->input.fault) != 0)
		return -1;
	candidates_choose_percentile(&run, &wishes);
	candidates_find(&candidates, &run, &wishes);
	*found = candidates.count > 0;
	if (*found || must) {
		decision_make(&decision, &candidates, &wishes);
		answer_print(&run, &wishes, &candidates, &decision,
			     request->format, stdout);
	}
	candidates_free(&candidates);
	run_free(&run);
	return 0;
}

static int measure(const struct request *request, struct plan *plan,
		   const struct topology *topology, char path[PATHS_MAX],
		   enum exit_code *exit_code)
{
	struct fault *fault = request->input.fault;
	struct run_folder folder;
	struct runner_job job = {
		.plan = plan,
		.sides = { { .folder = &folder } },
		.side_count = 1,
		.round = 1,
	};
	struct run_identity identity;
	int error;

	run_identity_own(&identity);
	error = run_folder_open(&folder, NULL, &identity, plan, topology,
				fault);
	json_decref(identity.program);
	if (!error) {
		measuring_print_warnings(plan, &folder);
		error = runner_run(&job, exit_code, fault);
	}
	if (!error)
		error = run_folder_finish(&folder, *exit_code, fault);
	snprintf(path, PATHS_MAX, "%s", folder.path);
	run_folder_free(&folder);
	return error;
}

static void say_unmeasured(const struct unmeasured *unmeasured)
{
	char more[48] = "";

	if (unmeasured->count > TRIAL_NAMED_MAX)
		snprintf(more, sizeof(more), " and %zu more",
			 unmeasured->count - TRIAL_NAMED_MAX);
	if (unmeasured->count)
		fprintf(stderr,
			"recommend: no time to measure %zu queue%s: %s%s; "
			"choose a longer --budget to include them\n",
			unmeasured->count, unmeasured->count == 1 ? "" : "s",
			unmeasured->names, more);
}

/* Measures the trial plan. Returns 0 with the run's path, or -1. */
static int try_out(const struct request *request, char path[PATHS_MAX],
		   enum exit_code *exit_code)
{
	const struct measuring lock = { .input = request->input };
	struct topology *topology = NULL;
	struct unmeasured unmeasured = { .count = 0 };
	struct plan plan = { .lines = NULL };
	struct interrupts interrupts;
	int error;

	error = topology_load(&topology, request->input.fault);
	if (!error)
		error = trial_plan(&plan, &request->wishes, request->budget_ns,
				   topology, &unmeasured, request->input.fault);
	if (!error)
		say_unmeasured(&unmeasured);
	interrupts_catch(&interrupts);
	if (!error)
		error = measuring_lock(&lock);
	if (!error && !interrupted)
		error = measure(request, &plan, topology, path, exit_code);
	else if (!error)
		*exit_code = interrupts_code();
	interrupts_release(&interrupts);
	plan_free(&plan);
	if (topology)
		topology_free(topology);
	return error;
}

int command_recommend(int argc, char **argv, enum exit_code *exit_code,
		      struct fault *fault)
{
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Recommends a queue and a wait policy for a load. Prints "
		"their latency and CPU time, and how certain the choice is. "
		"Compares only cells of one run. If neither RUN nor "
		"results/latest has the load, measures a plan for this load.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = {
		.input = { fault },
	};
	char path[PATHS_MAX] = "";
	struct fault ignored;
	bool found = false;

	*exit_code = EXIT_FINE;
	wishes_init(&request.wishes);
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0 ||
	    wishes_check(&request.wishes, fault) != 0)
		return -1;
	if (request.host && !request.run)
		return fault_set(
			fault, EXIT_USAGE,
			"--host is about a merged run; write ringbench "
			"recommend RUN --host %.60s",
			request.host);
	if (request.budget_ns && request.run)
		return fault_set(fault, EXIT_USAGE,
				 "--budget is the time to measure, but the "
				 "answer comes from %.200s; remove one of them",
				 request.run);
	if (!request.budget_ns)
		request.budget_ns = BUDGET_NS;
	if (request.run)
		return answer_from(&request, request.run, true, &found);
	request.input.fault = &ignored;
	if (answer_from(&request, "results/latest", false, &found) == 0 &&
	    found)
		return 0;
	request.input.fault = fault;
	if (try_out(&request, path, exit_code) != 0)
		return -1;
	if (*exit_code == EXIT_INTERRUPTED || *exit_code == EXIT_TERMINATED)
		return 0;
	return answer_from(&request, path, true, &found);
}
