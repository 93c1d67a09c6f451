/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program's commands. Each gets its own words, the first being its name,
 * prints its result to standard output, and returns 0 with *exit_code set, or
 * -1 with the fault set.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "fault.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
	int hidden; /* not for people */
};

int command_run(int argc, char **argv, enum exit_code *exit_code,
		struct fault *fault);
int command_list(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault);
int command_report(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
int command_plot(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault);
int command_compare(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault);
int command_ab(int argc, char **argv, enum exit_code *exit_code,
	       struct fault *fault);
int command_aa(int argc, char **argv, enum exit_code *exit_code,
	       struct fault *fault);
int command_export(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
int command_doctor(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
int command_observe(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault);
int command_serve(int argc, char **argv, enum exit_code *exit_code,
		  struct fault *fault);

#endif
