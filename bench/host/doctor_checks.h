/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of the doctor. Each check fills in one finding. */
#ifndef DOCTOR_CHECKS_H
#define DOCTOR_CHECKS_H

#include "doctor.h"

/* Sets the text of the finding. */
void doctor_found(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sets the verdict, its reason, and the command that helps. */
void doctor_judge(struct finding *finding, enum doctor_verdict verdict,
		  const char *reason, const char *command);

/* Checks of the CPUs. */
void doctor_cpus(struct finding *finding);
void doctor_virtual(struct finding *finding);
void doctor_governor(struct finding *finding);
void doctor_turbo(struct finding *finding);
void doctor_smt(struct finding *finding);
void doctor_isolated(struct finding *finding);
void doctor_idle(struct finding *finding);
void doctor_clock(struct finding *finding);
void doctor_counters(struct finding *finding);

/* Checks of other programs, and of the limits of this process. */
void doctor_steal(struct finding *finding);
void doctor_load(struct finding *finding);
void doctor_quota(struct finding *finding);
void doctor_huge_pages(struct finding *finding);
void doctor_limits(struct finding *finding);
void doctor_mitigations(struct finding *finding);
void doctor_slack(struct finding *finding);

/* Fills in the finding from the errno of perf_event_open(); 0: success. */
void doctor_judge_counters(struct finding *finding, int error);

#endif
