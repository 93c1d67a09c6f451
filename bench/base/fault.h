/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors on their way to main(): one line for people, one exit code. */
#ifndef FAULT_H
#define FAULT_H

/* The gravest wins: signal, EXIT_OUTPUT, EXIT_CHILD, EXIT_QUEUE. */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_REGRESSION = 1, /* compare found what was to fail */
	EXIT_USAGE = 2,	     /* wrong usage */
	EXIT_DATA = 3,	     /* bad data in a file */
	EXIT_QUEUE = 4,	     /* messages were lost, repeated or reordered */
	EXIT_CHILD = 5,	     /* hung, crashed or could not be set up */
	EXIT_UNFIT = 6,	     /* unfit environment under --strict */
	EXIT_OUTPUT = 7,     /* results could not be written */
	EXIT_INTERRUPTED = 130,
	EXIT_TERMINATED = 143,
};

/* An error: what, why, and what to do, in one line without a newline. */
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

/* The graver of two exit codes. */
enum exit_code fault_gravest(enum exit_code a, enum exit_code b);

#endif
