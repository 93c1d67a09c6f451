/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program's commands. argv[0] is the name of the command. A command prints
 * its result to standard output. It returns 0 and sets *exit_code, or returns
 * -1 and sets the fault.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "fault.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
	int hidden; /* started by the program itself; --help does not show it */
};

int command_run(int argc, char **argv, enum exit_code *exit_code,
		struct fault *fault);
int command_list(int argc, char **argv, enum exit_code *exit_code,
		 struct fault *fault);
int command_report(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
int command_recommend(int argc, char **argv, enum exit_code *exit_code,
		      struct fault *fault);
int command_show(int argc, char **argv, enum exit_code *exit_code,
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
int command_merge(int argc, char **argv, enum exit_code *exit_code,
		  struct fault *fault);
int command_doctor(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault);
int command_observe(int argc, char **argv, enum exit_code *exit_code,
		    struct fault *fault);
int command_serve(int argc, char **argv, enum exit_code *exit_code,
		  struct fault *fault);

#endif
