/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors: one line of text and one exit code, which functions pass up to
 * main(). */
#ifndef FAULT_H
#define FAULT_H

#include <stddef.h>

/* The most severe error sets the exit code of the program. Order: signal,
 * EXIT_OUTPUT, EXIT_CHILD, EXIT_QUEUE. */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_REGRESSION = 1, /* --fail-on found a regression */
	EXIT_USAGE = 2,	     /* wrong usage */
	EXIT_DATA = 3,	     /* malformed input file */
	EXIT_QUEUE = 4,	     /* messages were lost, repeated or reordered */
	EXIT_CHILD = 5,	 /* an observation hung, crashed or could not start */
	EXIT_UNFIT = 6,	 /* doctor --strict found a warning, or --no-wait found
			    another run */
	EXIT_OUTPUT = 7, /* results could not be written */
	EXIT_INTERRUPTED = 130,
	EXIT_TERMINATED = 143,
};

/* An error in one line, without a newline: what could not be done, why, and the
 * next step. */
struct fault {
	enum exit_code exit_code;
	char text[1024];
};

/* Describes an error. Returns -1, so that callers can return it. */
int fault_set(struct fault *fault, enum exit_code exit_code, const char *format,
	      ...) __attribute__((format(printf, 3, 4)));

/* Adds to the text, for example the next step. */
void fault_add(struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Ends the text of an error about an unknown name: ", did you mean NAME" if a
 * known name is similar to the word, then "; " and the next step. The prefix
 * stands before the NAME, such as "--" of options. Returns -1.
 */
int fault_suggest(struct fault *fault, const char *word, const char *prefix,
		  const char *const *names, size_t count, const char *next, ...)
	__attribute__((format(printf, 6, 7)));

/* The next step after a file could not be written for this reason. */
const char *fault_remedy(int error);

/* The more severe of two exit codes. */
enum exit_code fault_gravest(enum exit_code a, enum exit_code b);

#endif
