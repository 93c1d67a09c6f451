/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's single checks. Each fills in one finding. */
#ifndef DOCTOR_CHECKS_H
#define DOCTOR_CHECKS_H

#include "doctor.h"

/* Sets what was found, as text. */
void doctor_found(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sets what it means. */
void doctor_judge(struct finding *finding, enum doctor_verdict verdict,
		  const char *reason, const char *command);

/* Processors. */
void doctor_cpus(struct finding *finding);
void doctor_virtual(struct finding *finding);
void doctor_governor(struct finding *finding);
void doctor_turbo(struct finding *finding);
void doctor_smt(struct finding *finding);
void doctor_isolated(struct finding *finding);
void doctor_idle(struct finding *finding);
void doctor_clock(struct finding *finding);
void doctor_counters(struct finding *finding);

/* Those around us, and what the kernel allows this process. */
void doctor_steal(struct finding *finding);
void doctor_load(struct finding *finding);
void doctor_quota(struct finding *finding);
void doctor_huge_pages(struct finding *finding);
void doctor_limits(struct finding *finding);
void doctor_mitigations(struct finding *finding);
void doctor_slack(struct finding *finding);

/* What it means that perf_event_open() said this; 0: it worked. */
void doctor_judge_counters(struct finding *finding, int error);

#endif
