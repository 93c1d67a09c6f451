/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's findings for people, 80 columns wide. */
#include "doctor.h"
#include "text.h"

enum {
	INDENT = 9,
	FOUND = 32, /* column in which the text of a finding begins */
	NARROW = 60,
};

static void print_finding(const struct finding *finding, FILE *to)
{
	fprintf(to, "%-8s %-22s ", doctor_verdicts[finding->verdict],
		finding->topic);
	if (text_width < NARROW)
		fprintf(to, "\n%*s", INDENT, "");
	text_wrap(finding->found, text_width < NARROW ? INDENT : FOUND, to);
	if (finding->reason) {
		fprintf(to, "%*s", INDENT, "");
		text_wrap(finding->reason, INDENT, to);
	}
	/* The command stays on one line, so that it can be copied. */
	if (finding->command)
		fprintf(to, "%*stry: %s\n", INDENT, "", finding->command);
}

static void add_row(struct text_table *table, const struct finding *finding)
{
	text_table_row(table);
	text_table_set(table, 0, doctor_verdicts[finding->verdict], NULL);
	text_table_set(table, 1, finding->topic, NULL);
	text_table_set(table, 2, finding->found, NULL);
	text_table_set(table, 3, finding->reason ? finding->reason : "", NULL);
	text_table_set(table, 4, finding->command ? finding->command : "",
		       NULL);
}

void doctor_print(const struct doctor *doctor, struct output *output)
{
	static const enum doctor_verdict order[] = { DOCTOR_WARN, DOCTOR_NOTE,
						     DOCTOR_UNKNOWN,
						     DOCTOR_OK };
	static const char *const titles[] = { "verdict", "topic", "found",
					      "reason", "try" };
	struct text_table table;

	text_table_init(&table);
	for (size_t i = 0; i < 5; i++)
		text_table_column(&table, titles[i], true);
	if (output->format == OUTPUT_TEXT)
		fputc('\n', output->to);
	for (size_t i = 0; i < 4; i++)
		for (int f = 0; f < doctor->count; f++) {
			if (doctor->findings[f].verdict != order[i])
				continue;
			if (output->format == OUTPUT_TEXT)
				print_finding(&doctor->findings[f], output->to);
			else
				add_row(&table, &doctor->findings[f]);
		}
	if (table.rows)
		output_table(output, "findings", "", &table);
	text_table_free(&table);
}
