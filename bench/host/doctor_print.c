/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's findings for people, 80 columns wide. */
#include "doctor.h"
#include "text.h"

enum {
	INDENT = 9,
};

static void print_finding(const struct finding *finding, FILE *to)
{
	fprintf(to, "%-8s %-22s %.48s\n", doctor_verdicts[finding->verdict],
		finding->topic, finding->found);
	if (finding->reason) {
		fprintf(to, "%*s", INDENT, "");
		text_wrap(finding->reason, INDENT, to);
	}
	/* The command stays on one line, so that it can be copied. */
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
