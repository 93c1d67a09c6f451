/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ringbench serve: the web server of the scenario pipeline. The observation
 * starts the server, and closes the server's standard input to end it.
 */
#include "commands.h"
#include "options.h"
#include "server.h"
#include "text.h"

enum {
	KEY_SERVICE = 0x1000,
};

struct request {
	struct options_input input;
	int64_t service_ns;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	if (key != KEY_SERVICE)
		return ARGP_ERR_UNKNOWN;
	if (text_parse_duration(value, &request->service_ns) == 0)
		return 0;
	fault_set(request->input.fault, EXIT_USAGE,
		  "--service: cannot use the value \"%.60s\"; write a time, "
		  "for example 1ms",
		  value);
	return EINVAL;
}

int command_serve(int argc, char **argv, enum exit_code *exit_code,
		  struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "service", KEY_SERVICE, "TIME", 0,
		  "mean time to serve a page (1ms)", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Serves generated web pages on 127.0.0.1 and creates a "
		"temporary folder for downloads. Ends when its standard input "
		"is closed.",
		NULL,
		NULL,
		NULL,
	};
	struct request request = { { fault }, 1000000 };

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 0, &request.input) != 0)
		return -1;
	return server_run(request.service_ns, fault);
}
