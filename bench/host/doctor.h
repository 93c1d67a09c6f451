/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds properties of this machine that make measurements unreliable. Each
 * finding has a reason and a command that helps. The checks only read; they
 * change nothing.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "output.h"

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_NOTE,	/* affects the interpretation of results */
	DOCTOR_WARN,	/* makes results unreliable */
	DOCTOR_UNKNOWN, /* the machine does not provide the information */
	DOCTOR_VERDICTS
};

extern const char *const doctor_verdicts[DOCTOR_VERDICTS];

enum {
	DOCTOR_FINDINGS_MAX = 24,
};

struct finding {
	enum doctor_verdict verdict;
	const char *topic;
	char found[128];
	char brief[40];	     /* for the summary line of all findings */
	const char *reason;  /* NULL if the check found no problem */
	const char *command; /* command that helps or shows details; or NULL */
};

struct doctor {
	struct finding findings[DOCTOR_FINDINGS_MAX];
	int count;
};

/* Runs the checks on files below host_root and on this process. Takes a few
 * milliseconds. */
void doctor_examine(struct doctor *doctor);

/* Adds a finding with the verdict DOCTOR_UNKNOWN. */
struct finding *doctor_add(struct doctor *doctor, const char *topic);

int doctor_count(const struct doctor *doctor, enum doctor_verdict verdict);

/* Prints all findings, warnings first. */
void doctor_print(const struct doctor *doctor, struct output *output);

/*
 * "2 warnings: virtual machine, load 1.9; see `ringbench doctor`". Returns
 * false and an empty text if there is no warning.
 */
bool doctor_brief(const struct doctor *doctor, char *text, size_t size);

json_t *doctor_json(const struct doctor *doctor);

#endif
