/* SPDX-License-Identifier: BSD-2-Clause */
/* ringbench doctor: finds reasons why measurements on this machine are
 * unreliable. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ringbench_clock.h"
#include "commands.h"
#include "doctor_distance.h"
#include "doctor_spin.h"
#include "host.h"
#include "options.h"
#include "policy.h"
#include "text.h"

enum {
	KEY_SECONDS = 0x1000,
	KEY_STRICT,
	KEY_ROOT,
};

/* A longer time is probably a typing error. */
#define SECONDS_MAX 600.0

struct request {
	struct options_input input;
	const char *seconds;
	struct format_choice format;
	bool strict;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		request->format.input = request->input;
		state->child_inputs[0] = &request->format;
		return 0;
	case KEY_SECONDS:
		request->seconds = value;
		return 0;
	case KEY_STRICT:
		request->strict = true;
		return 0;
	case KEY_ROOT:
		host_root = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int parse_seconds(const char *text, int64_t *ns, struct fault *fault)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!strchr("0123456789.", *text) || end == text || *end ||
	    !(seconds >= 0 && seconds <= SECONDS_MAX))
		return fault_set(fault, EXIT_USAGE,
				 "--seconds: cannot use the value \"%.40s\"; "
				 "write a number of seconds from 0 to %.0f",
				 text, SECONDS_MAX);
	*ns = llrint(seconds * (double)RINGBENCH_NS_PER_S);
	return 0;
}

static void print_json(const struct doctor *doctor, const struct spin *spin,
		       const struct watch *watch)
{
	json_t *json = doctor_json(doctor);
	char caption[256];

	host_caption(caption, sizeof(caption));
	json_object_set_new(json, "machine", json_string(caption));
	if (spin->count)
		json_object_set_new(json, "spinning", spin_json(spin));
	if (watch->count)
		json_object_set_new(json, "core_distance", watch_json(watch));
	json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(json);
}

static void print_text(const struct doctor *doctor, const struct spin *spin,
		       enum output_format format)
{
	int warnings = doctor_count(doctor, DOCTOR_WARN);
	int notes = doctor_count(doctor, DOCTOR_NOTE);
	struct output output;
	char caption[256], count[128];

	host_caption(caption, sizeof(caption));
	output_begin(&output, format, stdout);
	text_wrap(caption, 0, output_text(&output));
	doctor_print(doctor, &output);
	if (spin->count)
		spin_print(spin, output_text(&output));
	snprintf(count, sizeof(count),
		 "%d warning%s, %d note%s. Nothing was changed.", warnings,
		 warnings == 1 ? "" : "s", notes, notes == 1 ? "" : "s");
	fputc('\n', output_text(&output));
	text_wrap(count, 0, output_text(&output));
	output_end(&output);
}

/* A sandbox that hides the topology also hides the distance. */
static void watch_cpus(struct watch *watch, int64_t duration_ns)
{
	struct topology *topology;
	struct fault ignored;

	if (topology_load(&topology, &ignored) != 0)
		return;
	if (watch_distance(watch, topology, duration_ns) != 0)
		watch->count = 0;
	topology_free(topology);
}

static int examine(const struct request *request, int64_t duration_ns,
		   enum exit_code *exit_code)
{
	struct fault *fault = request->input.fault;
	struct watch watch = { .count = 0 };
	struct spin spin = { 0 };
	struct doctor doctor;
	int error;

	/* Without the watch, no thread spins. */
	if (duration_ns && policy_check(fault) != 0)
		return -1;
	doctor_examine(&doctor);
	if (duration_ns) {
		watch_cpus(&watch, duration_ns);
		error = spin_run(&spin, duration_ns);
		if (error)
			return fault_set(fault, EXIT_UNFIT,
					 "cannot start the spinning threads: "
					 "%s; skip this check with --seconds 0",
					 strerror(-error));
		spin_judge(&spin, &doctor);
		watch_judge(&watch, &doctor);
	}
	if (request->format.format == OUTPUT_JSON)
		print_json(&doctor, &spin, &watch);
	else
		print_text(&doctor, &spin, request->format.format);
	if (request->strict && doctor_count(&doctor, DOCTOR_WARN))
		*exit_code = EXIT_UNFIT;
	spin_free(&spin);
	return 0;
}

int command_doctor(int argc, char **argv, enum exit_code *exit_code,
		   struct fault *fault)
{
	static const struct argp_option options[] = {
		{ "seconds", KEY_SECONDS, "N", 0,
		  "number of seconds of each of two checks: the distance of "
		  "two CPUs is watched, then a thread spins on each CPU to "
		  "find interruptions; 0: skip both checks (2)",
		  0 },
		{ "strict", KEY_STRICT, 0, 0,
		  "end with exit code 6 if there is a warning", 0 },
		{ "root", KEY_ROOT, "DIR", 0,
		  "for tests: read DIR/proc and DIR/sys", 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		NULL,
		"Finds settings of this machine, and disturbances by other "
		"programs and virtual machines, that make measurements "
		"unreliable. Prints the reason for each finding and a "
		"command that helps. Changes nothing.",
		format_children,
		NULL,
		NULL,
	};
	struct request request = { .input = { fault }, .seconds = "2" };
	int64_t duration_ns = 0;

	*exit_code = EXIT_FINE;
	if (options_parse(&argp, argc, argv, 0, &request.input) != 0 ||
	    parse_seconds(request.seconds, &duration_ns, fault) != 0)
		return -1;
	return examine(&request, duration_ns, exit_code);
}
