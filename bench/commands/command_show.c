/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench show: prints everything that a run knows about one cell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell_match.h"
#include "commands.h"
#include "hosts.h"
#include "options.h"
#include "show.h"

enum {
	KEY_HOST = 0x1000,
};

struct request {
	struct format_choice format;
	const char *host;
	const char *words[2]; /* the cell and the run */
	int count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->format;
		return 0;
	case KEY_HOST:
		request->host = value;
		return 0;
	case ARGP_KEY_ARG:
		request->words[request->count++] = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show(const struct request *request, struct fault *fault)
{
	const struct group *group;
	struct cell_match match;
	struct output output;
	struct run run;

	if (cell_match_parse(&match, request->words[0], fault) != 0 ||
	    run_load_host(&run, request->words[1], request->host, fault) != 0)
		return -1;
	group = cell_match_one(&match, request->words[0], &run.groups, fault);
	if (group) {
		output_begin(&output, request->format.format, stdout);
		show_print(&run, group, &output);
		output_end(&output);
	}
	run_free(&run);
	return group ? 0 : -1;
}

/* Puts a blank before a cell that begins with "--", so that argp does not read
 * it as an option. */
static char *as_argument(const char *word)
{
	char *text = NULL;

	if (strncmp(word, "--", 2) == 0 && strchr(word, ' ') &&
	    asprintf(&text, " %s", word) < 0)
		abort();
	return text;
}

int command_show(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault)
{
	static const struct argp_option options[] = {
		HOST_OPTION(KEY_HOST),
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"CELL [RUN]",
		"Prints everything about one cell of RUN (results/latest): "
		"metrics, histograms, percentiles, and every "
		"observation.\vCELL is one argument with the words by which "
		"the tables name the cell: \"mutex poll queues=2\" or "
		"\"stream ck_spsc 4x1\". CELL can also be a long name: "
		"\"--backend mutex --wait poll\".",
		format_children,
		NULL,
		NULL,
	};
	struct request request = {
		.format = { .input = { fault } },
		.words = { NULL, "results/latest" },
	};

	char *cell = NULL;
	int error;

	*exit_code = EXIT_FINE;
	for (int i = 1; i < argc && !cell; i++) {
		cell = as_argument(argv[i]);
		argv[i] = cell ? cell : argv[i];
	}
	error = options_parse(&argp, argc, argv, 2, &request.format.input);
	if (!error && request.count == 0)
		error = fault_set(fault, EXIT_USAGE,
				  "show needs a cell; write, for example, "
				  "ringbench show \"mutex poll\"");
	if (!error)
		error = show(&request, fault);
	free(cell);
	return error;
}
