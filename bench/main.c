/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench: which queue, and which way of waiting? Finds the command. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "build_info.h"
#include "commands.h"
#include "text.h"

static const struct command commands[] = {
	{ "run", "measure a plan, or cells given as options", command_run, 0 },
	{ "report", "the tables and findings of a run, again", command_report,
	  0 },
	{ "plot", "draw a run", command_plot, 0 },
	{ "compare", "two runs, or values of a factor, with verdicts",
	  command_compare, 0 },
	{ "ab", "build two git revisions and judge the change", command_ab, 0 },
	{ "aa", "this program against itself: false verdicts, and the floor",
	  command_aa, 0 },
	{ "export",
	  "the observations for benchstat or google-benchmark's tools",
	  command_export, 0 },
	{ "doctor", "what on this machine makes numbers unreliable",
	  command_doctor, 0 },
	{ "list", "backends, scenarios, parameters, plans, columns",
	  command_list, 0 },
	{ "observe", "measure one cell in this process", command_observe, 1 },
	{ "serve", "serve the pages of an observation", command_serve, 1 },
};

enum {
	COMMANDS = sizeof(commands) / sizeof(commands[0]),
};

static void print_help(FILE *to)
{
	fprintf(to, "Usage: ringbench COMMAND [OPTION...]\n"
		    "Measures queues that pass data between threads, and ways "
		    "of waiting for them.\n\n");
	for (int i = 0; i < COMMANDS; i++)
		if (!commands[i].hidden)
			fprintf(to, "  %-10s %s\n", commands[i].name,
				commands[i].summary);
	fprintf(to,
		"\nringbench COMMAND --help tells more. Exit codes: 0 fine, 1 "
		"--fail-on found\nwhat was to fail, 2 wrong usage, 3 bad data, "
		"4 a queue lost, repeated or\nreordered messages, 5 hung, "
		"crashed or not set up, 6 unfit machine under\n--strict, or "
		"busy under "
		"--no-wait, 7 results could not be written,\n"
		"130 interrupted.\n");
}

static int unknown_command(const char *name, struct fault *fault)
{
	const char *names[COMMANDS];
	const char *nearest;

	for (int i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	nearest = text_nearest(name, names, COMMANDS);
	return fault_set(fault, EXIT_USAGE,
			 "unknown command \"%.60s\"%s%s; see `ringbench "
			 "--help`",
			 name, nearest ? ", did you mean " : "",
			 nearest ? nearest : "");
}

static bool is_one_of(const char *word, const char *a, const char *b,
		      const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 ||
	       strcmp(word, c) == 0;
}

static int dispatch(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault)
{
	bool help;

	if (argc < 2)
		return fault_set(fault, EXIT_USAGE,
				 "no command; try `ringbench run`, or "
				 "`ringbench --help`");
	help = is_one_of(argv[1], "--help", "-h", "-?");
	if (help || is_one_of(argv[1], "--version", "-V", "-V")) {
		if (argc > 2)
			return fault_set(fault, EXIT_USAGE,
					 "\"%.60s\" is one word too many; see "
					 "`ringbench --help`",
					 argv[2]);
		if (help)
			print_help(stdout);
		else
			printf("ringbench %s\n", build_revision());
		return 0;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1, exit_code,
					       fault);
	return unknown_command(argv[1], fault);
}

/*
 * The number of a closed standard file would go to the next file that is
 * opened, and the report into results.csv. Read-only: output still fails.
 */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	enum exit_code exit_code = EXIT_FINE;
	struct fault fault;

	open_standard_files();
	/* Beyond its limit a file cannot be written, and that has a message. */
	signal(SIGXFSZ, SIG_IGN);
	if (dispatch(argc, argv, &exit_code, &fault) != 0) {
		fprintf(stderr, "ringbench: %s\n", fault.text);
		return fault.exit_code;
	}
	/* What could not be printed is not a result. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "ringbench: cannot write to standard output; "
				"is the disk full?\n");
		return EXIT_OUTPUT;
	}
	return exit_code;
}
