/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of checks, and their findings as JSON and as one line. */
#include <stdarg.h>
#include <string.h>

#include "doctor.h"
#include "doctor_checks.h"
#include "host_files.h"
#include "text.h"

const char *const doctor_verdicts[DOCTOR_VERDICTS] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_NOTE] = "note",
	[DOCTOR_WARN] = "warn",
	[DOCTOR_UNKNOWN] = "unknown",
};

/* The order in which findings with the same verdict are printed. */
static const struct {
	const char *topic;
	void (*check)(struct finding *finding);
} checks[] = {
	{ "virtual machine", doctor_virtual },
	{ "CPUs", doctor_cpus },
	{ "load", doctor_load },
	{ "steal since boot", doctor_steal },
	{ "CPU quota", doctor_quota },
	{ "governor", doctor_governor },
	{ "turbo", doctor_turbo },
	{ "clock source", doctor_clock },
	{ "SMT", doctor_smt },
	{ "idle driver", doctor_idle },
	{ "isolated CPUs", doctor_isolated },
	{ "huge pages", doctor_huge_pages },
	{ "timer slack", doctor_slack },
	{ "limits", doctor_limits },
	{ "counters", doctor_counters },
	{ "mitigations", doctor_mitigations },
};

void doctor_found(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->found, sizeof(finding->found), format, arguments);
	va_end(arguments);
}

void doctor_judge(struct finding *finding, enum doctor_verdict verdict,
		  const char *reason, const char *command)
{
	finding->verdict = verdict;
	finding->reason = reason;
	finding->command = command;
}

struct finding *doctor_add(struct doctor *doctor, const char *topic)
{
	struct finding *finding = &doctor->findings[doctor->count++];

	memset(finding, 0, sizeof(*finding));
	finding->verdict = DOCTOR_UNKNOWN;
	finding->topic = topic;
	snprintf(finding->brief, sizeof(finding->brief), "%s", topic);
	doctor_found(finding, "unknown");
	return finding;
}

void doctor_examine(struct doctor *doctor)
{
	size_t i;

	doctor->count = 0;
	for (i = 0; i < HOST_COUNT(checks); i++) {
		struct finding *finding = doctor_add(doctor, checks[i].topic);

		checks[i].check(finding);
		/* The texts may quote files, so remove control characters. */
		text_clean(finding->found);
		text_clean(finding->brief);
	}
}

int doctor_count(const struct doctor *doctor, enum doctor_verdict verdict)
{
	int count = 0;
	int i;

	for (i = 0; i < doctor->count; i++)
		count += doctor->findings[i].verdict == verdict;
	return count;
}

bool doctor_brief(const struct doctor *doctor, char *text, size_t size)
{
	int warnings = doctor_count(doctor, DOCTOR_WARN);
	const char *separator = ": ";
	size_t length;
	int i;

	*text = '\0';
	if (!warnings)
		return false;
	length = (size_t)snprintf(text, size, "%d warning%s", warnings,
				  warnings == 1 ? "" : "s");
	for (i = 0; i < doctor->count && length < size; i++) {
		if (doctor->findings[i].verdict != DOCTOR_WARN)
			continue;
		length += (size_t)snprintf(text + length, size - length, "%s%s",
					   separator,
					   doctor->findings[i].brief);
		separator = ", ";
	}
	if (length < size)
		snprintf(text + length, size - length,
			 "; see `ringbench doctor`");
	return true;
}

static json_t *finding_json(const struct finding *finding)
{
	return json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "topic", finding->topic,
			 "verdict", doctor_verdicts[finding->verdict], "found",
			 finding->found, "reason", finding->reason, "command",
			 finding->command);
}

json_t *doctor_json(const struct doctor *doctor)
{
	json_t *findings = json_array();
	int i;

	for (i = 0; i < doctor->count; i++)
		json_array_append_new(findings,
				      finding_json(&doctor->findings[i]));
	return json_pack("{s:i, s:i, s:o}", "warnings",
			 doctor_count(doctor, DOCTOR_WARN), "notes",
			 doctor_count(doctor, DOCTOR_NOTE), "findings",
			 findings);
}
