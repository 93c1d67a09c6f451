/* SPDX-License-Identifier: BSD-2-Clause */
/* The program ringbench: finds the command that the first argument names, and
 * runs it. */
#include <errno.h>
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
	{ "recommend", "recommend a queue and a wait policy for a load",
	  command_recommend, 0 },
	{ "report", "print the tables and findings of a run", command_report,
	  0 },
	{ "show", "print everything about one cell of a run", command_show, 0 },
	{ "plot", "draw the pictures of a run", command_plot, 0 },
	{ "compare", "compare two runs, or two backends of one run",
	  command_compare, 0 },
	{ "ab", "build two git revisions and compare their speed", command_ab,
	  0 },
	{ "aa", "compare this program with itself: shows the noise level",
	  command_aa, 0 },
	{ "export", "convert a run for benchstat, hyperfine and others",
	  command_export, 0 },
	{ "merge", "put runs of several hosts together", command_merge, 0 },
	{ "doctor", "find reasons why measurements here are unreliable",
	  command_doctor, 0 },
	{ "list", "list backends, scenarios, parameters, plans, columns",
	  command_list, 0 },
	{ "observe", "measure one cell in this process (used by run)",
	  command_observe, 1 },
	{ "serve", "serve web pages to an observation (used by pipeline)",
	  command_serve, 1 },
};

enum {
	COMMANDS = sizeof(commands) / sizeof(commands[0]),
};

static const struct {
	enum exit_code code;
	const char *meaning;
} exit_codes[] = {
	{ EXIT_FINE, "success" },
	{ EXIT_REGRESSION, "regression found by --fail-on" },
	{ EXIT_USAGE, "wrong usage" },
	{ EXIT_DATA, "malformed input file" },
	{ EXIT_QUEUE, "a queue lost, repeated or reordered messages" },
	{ EXIT_CHILD, "an observation hung, crashed or could not start" },
	{ EXIT_UNFIT, "doctor --strict found a warning, or --no-wait found "
		      "another run" },
	{ EXIT_OUTPUT, "cannot write the results" },
	{ EXIT_INTERRUPTED, "interrupted by Ctrl-C" },
	{ EXIT_TERMINATED, "ended by SIGTERM" },
};

/* scripts/make-manual copies the exit codes into the manual pages. */
static void print_help(void)
{
	puts("Usage: ringbench COMMAND [OPTION...]");
	text_wrap("Measures queues between threads, and how threads wait at "
		  "empty or full queues.",
		  0, stdout);
	putchar('\n');
	for (int i = 0; i < COMMANDS; i++) {
		if (commands[i].hidden)
			continue;
		printf("  %-10s ", commands[i].name);
		text_wrap(commands[i].summary, 13, stdout);
	}
	putchar('\n');
	text_wrap("`ringbench COMMAND --help` shows the options of a command.",
		  0, stdout);
	puts("\nExit codes:");
	for (size_t i = 0; i < sizeof(exit_codes) / sizeof(*exit_codes); i++) {
		printf("  %-4d ", exit_codes[i].code);
		text_wrap(exit_codes[i].meaning, 7, stdout);
	}
}

static int unknown_command(const char *name, struct fault *fault)
{
	const char *names[COMMANDS];

	for (int i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	fault_set(fault, EXIT_USAGE, "unknown command \"%.60s\"", name);
	return fault_suggest(fault, name, "", names, COMMANDS,
			     "see `ringbench --help`");
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
		return fault_set(
			fault, EXIT_USAGE,
			"the command is missing; run `ringbench run` to "
			"measure, or `ringbench --help` to see all commands");
	help = is_one_of(argv[1], "--help", "-h", "-?");
	if (help || is_one_of(argv[1], "--version", "-V", "-V")) {
		if (argc > 2)
			return fault_set(fault, EXIT_USAGE,
					 "unexpected argument \"%.60s\"; see "
					 "`ringbench --help`",
					 argv[2]);
		if (help)
			print_help();
		else
			printf("ringbench %s\n", build_version());
		return 0;
	}
	if (strcmp(argv[1], "--complete") == 0) {
		for (int i = 0; i < COMMANDS; i++)
			if (!commands[i].hidden)
				printf("%s\t%s\n", commands[i].name,
				       commands[i].summary);
		return 0;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1, exit_code,
					       fault);
	return unknown_command(argv[1], fault);
}

/*
 * If a standard file is closed, the next opened file gets its number, and the
 * report would be written into results.csv. /dev/null is opened read-only, so
 * that writing to it still fails.
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
	text_measure_terminal();
	/* Without the signal, a write beyond the file size limit returns EFBIG,
	 * which is reported like every other failed write. */
	signal(SIGXFSZ, SIG_IGN);
	if (dispatch(argc, argv, &exit_code, &fault) != 0) {
		fprintf(stderr, "ringbench: %s\n", fault.text);
		return fault.exit_code;
	}
	/* A report that could not be printed must not end with exit code 0. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr,
			"ringbench: cannot write to standard output: "
			"%s; free some space, or check the program "
			"that reads the output\n",
			strerror(errno));
		return EXIT_OUTPUT;
	}
	return exit_code;
}
