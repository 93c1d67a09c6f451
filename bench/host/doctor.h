/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What on this machine makes numbers unreliable, why, and what would help.
 * Everything is read and nothing is changed.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_NOTE,	/* good to know when numbers are read */
	DOCTOR_WARN,	/* makes numbers unreliable */
	DOCTOR_UNKNOWN, /* this machine does not say */
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
	char brief[40];	     /* for one line about everything */
	const char *reason;  /* NULL where nothing is wrong */
	const char *command; /* what would help, or shows more; or NULL */
};

struct doctor {
	struct finding findings[DOCTOR_FINDINGS_MAX];
	int count;
};

/* Looks at files below host_root and at this process: some milliseconds. */
void doctor_examine(struct doctor *doctor);

/* One more finding, of which nothing is known yet. */
struct finding *doctor_add(struct doctor *doctor, const char *topic);

int doctor_count(const struct doctor *doctor, enum doctor_verdict verdict);

/* The whole list, warnings first, 80 columns wide. */
void doctor_print(const struct doctor *doctor, FILE *to);

/*
 * "2 warnings: virtual machine, load 1.9; see `ringbench doctor`". False, and
 * an empty text, when there is none.
 */
bool doctor_brief(const struct doctor *doctor, char *text, size_t size);

json_t *doctor_json(const struct doctor *doctor);

#endif
