/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench merge: puts the runs of several hosts together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "commands.h"
#include "merge.h"
#include "options.h"

enum {
	KEY_OUT = 0x1000,
};

struct request {
	struct options_input input;
	const char **runs;
	size_t count;
	char *out;
};

/* Removes slashes at the end, because the last part of the path is the name of
 * the run. */
static char *without_slashes(char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	return path;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == KEY_OUT) {
		request->out = without_slashes(value);
	} else if (key == ARGP_KEY_ARG) {
		request->runs = array_grow(request->runs, request->count,
					   sizeof(*request->runs));
		request->runs[request->count++] = value;
	} else {
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int check(const struct request *request, struct fault *fault)
{
	if (request->count > 1 && request->out && *request->out)
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 request->count > 1
				 ? "merge needs a folder to write to; write "
				   "--out DIR"
				 : "merge needs two or more runs; write "
				   "ringbench merge RUN RUN --out DIR");
}

/* Prints the rounds and rows of each host. */
static void print_result(const struct source *sources, size_t count,
			 const char *out)
{
	printf("results: %s/results.csv\n", out);
	for (size_t i = 0; i < count; i++)
		printf("%s %s: %" PRId64 " rounds, %zu observations of %s\n",
		       i ? "        " : "hosts:  ", sources[i].name,
		       sources[i].rounds, sources[i].rows, sources[i].path);
}

static int merge(const struct request *request, struct fault *fault)
{
	struct source *sources = calloc(request->count, sizeof(*sources));
	int error = 0;

	if (!sources)
		abort();
	for (size_t i = 0; i < request->count && !error; i++)
		error = source_open(&sources[i], request->runs[i], fault);
	if (!error)
		error = merge_write(sources, request->count, request->out,
				    fault);
	if (!error) {
		sources_warn(sources, request->count);
		print_result(sources, request->count, request->out);
	}
	for (size_t i = 0; i < request->count; i++)
		source_free(&sources[i]);
	free(sources);
	return error;
}

int command_merge(int argc, char **argv, enum exit_code *exit_code,
		  struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "out", KEY_OUT, "DIR", 0, "folder for the merged run", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"RUN RUN... --out DIR",
		"Puts runs of one plan together as one run, with the host as a "
		"factor. RUN is the folder of a run; NAME=RUN gives its host "
		"this name instead of the recorded one.\vSeveral runs of one "
		"host become more rounds of this host. `ringbench report DIR` "
		"compares the hosts; commands about one host have the option "
		"--host.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { .input = { fault } };
	int error;

	*exit_code = EXIT_FINE;
	error = options_parse(&argp, argc, argv, HOSTS_MAX, &request.input);
	if (!error)
		error = check(&request, fault);
	if (!error)
		error = merge(&request, fault);
	free(request.runs);
	return error;
}
