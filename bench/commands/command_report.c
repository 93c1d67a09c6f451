/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench report: prints the tables and findings of a run, or writes them as
 * a page. */
#include <stdbool.h>
#include <stdio.h>

#include "commands.h"
#include "options.h"
#include "report.h"
#include "report_page.h"

enum {
	KEY_EXCLUDE_FLAG = 0x1000,
	KEY_HTML,
	KEY_HOST,
};

struct request {
	struct options_input input;
	struct format_choice format;
	struct report_choice choice;
	bool page;
	const char *run;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		request->format.input = request->input;
		state->child_inputs[0] = &request->format;
		return 0;
	case KEY_EXCLUDE_FLAG:
		request->choice.excluded = value;
		return 0;
	case KEY_HOST:
		request->choice.host = value;
		return 0;
	case KEY_HTML:
		request->page = true;
		return 0;
	case ARGP_KEY_ARG:
		request->run = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The page cannot leave out rows, because the pictures show the whole run. */
static int check(const struct request *request, struct fault *fault)
{
	if (!request->page ||
	    (!request->choice.excluded && !request->choice.host &&
	     request->format.format == OUTPUT_TEXT))
		return 0;
	return fault_set(fault, EXIT_USAGE,
			 "cannot combine --html with %s; remove one of them",
			 request->choice.excluded ? "--exclude-flag"
			 : request->choice.host	  ? "--host"
			 : request->format.format == OUTPUT_JSON
				 ? "--json"
				 : "--markdown");
}

static int write_page(const char *run, struct fault *fault)
{
	char page[PATHS_MAX];
	int error = report_page_write(run, page, fault);

	if (*page)
		printf("page: %s\n", page);
	return error;
}

int command_report(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "exclude-flag", KEY_EXCLUDE_FLAG, "NAME[,NAME...]", 0,
		  "exclude rows and cells with these flags", 0 },
		HOST_OPTION(KEY_HOST),
		{ "html", KEY_HTML, 0, 0,
		  "write RUN/report.html, one page with tables, pictures and "
		  "every observation, and draw the pictures in RUN/plots",
		  0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[RUN]",
		"Prints the tables and findings of RUN (results/latest).",
		format_children,
		NULL,
		NULL,
	};
	struct request request = { .input = { fault },
				   .run = "results/latest" };

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 1, &request.input) != 0 ||
	    check(&request, fault) != 0)
		return -1;
	if (request.page)
		return write_page(request.run, fault);
	return report_write(request.run, &request.choice, request.format.format,
			    stdout, fault);
}
