/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches the core distance of two CPUs (distance.h) for some seconds. On a
 * virtual machine the distance changes when the hypervisor moves virtual CPUs.
 */
#ifndef DOCTOR_DISTANCE_H
#define DOCTOR_DISTANCE_H

#include <stdint.h>

#include "doctor.h"
#include "topology.h"

enum {
	WATCH_SAMPLES_MAX = 1200,
};

struct watch {
	int cpus[2];
	int64_t duration_ns;
	int count; /* 0: there are no two allowed CPUs */
	double ns[WATCH_SAMPLES_MAX];
};

/* Watches the CPUs of the placement `near`. Returns 0 or -errno. */
int watch_distance(struct watch *watch, const struct topology *topology,
		   int64_t duration_ns);

/* Number of changes from one sample to the next by a factor of 1.35 or more. */
int watch_changes(const struct watch *watch);

/* Adds a finding, unless nothing was watched. */
void watch_judge(const struct watch *watch, struct doctor *doctor);
json_t *watch_json(const struct watch *watch);

#endif
