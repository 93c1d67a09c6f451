/* SPDX-License-Identifier: BSD-2-Clause */
/* Describes the machine for run.json. Facts that the machine does not provide
 * are omitted. */
#ifndef HOST_H
#define HOST_H

#include <jansson.h>

#include "topology.h"

enum {
	HOST_ID_LENGTH = 8,
};

/* A prefix for every path that is read. Tests set it to a folder with the files
 * of another machine. */
extern const char *host_root;

/* Salted hash of machine-id, CPU model and CPU count, in hex. */
void host_id(char id[HOST_ID_LENGTH + 1]);

/*
 * Facts that do not change during a run: CPU, caches, topology, governor,
 * virtual machine, kernel, mitigations, limits, clock source, idle driver,
 * memory. Includes only kernel options that affect timing, because other
 * options may contain disks, addresses or secrets, and results are published.
 * `topology`: the CPUs that this process may use; may be NULL.
 */
json_t *host_describe(const struct topology *topology);

/* Facts that change during a run: load, steal, frequencies, thermal throttling,
 * pressure. */
json_t *host_state(void);

/* "AMD EPYC, 2 CPUs, KVM" or "..., 1 of 2 CPUs, ...": for captions. */
void host_caption(char *text, size_t size);

#endif
