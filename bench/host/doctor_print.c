/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's findings for people, 80 columns wide. */
#include <string.h>

#include "doctor.h"

enum {
	WIDTH = 79,
	INDENT = 9,
};

/* Words go to the next line where they do not fit. */
static void print_wrapped(const char *text, FILE *to)
{
	int column = 0; /* no line has begun */

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (!column || column + 1 + length > WIDTH) {
			fprintf(to, "%s%*s%.*s", column ? "\n" : "", INDENT, "",
				length, text);
			column = INDENT + length;
		} else {
			fprintf(to, " %.*s", length, text);
			column += 1 + length;
		}
		text += length;
		text += *text == ' ';
	}
	fputc('\n', to);
}

static void print_finding(const struct finding *finding, FILE *to)
{
	fprintf(to, "%-8s %-22s %.48s\n", doctor_verdicts[finding->verdict],
		finding->topic, finding->found);
	if (finding->reason)
		print_wrapped(finding->reason, to);
	/* To be copied: it stays on one line. */
	if (finding->command)
		fprintf(to, "%*stry: %s\n", INDENT, "", finding->command);
}

void doctor_print(const struct doctor *doctor, FILE *to)
{
	static const enum doctor_verdict order[] = { DOCTOR_WARN, DOCTOR_NOTE,
						     DOCTOR_UNKNOWN,
						     DOCTOR_OK };
	size_t i;
	int f;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (f = 0; f < doctor->count; f++)
			if (doctor->findings[f].verdict == order[i])
				print_finding(&doctor->findings[f], to);
}
