/* SPDX-License-Identifier: BSD-2-Clause */
/* Describes the machine for run.json. A fact that is missing is left out. */
#ifndef HOST_H
#define HOST_H

#include <jansson.h>

#include "topology.h"

enum {
	HOST_ID_LENGTH = 8,
};

/* Put before every path that is read; tests point it at a made-up machine. */
extern const char *host_root;

/* Salted hash of machine-id, CPU model and CPU count, in hex. */
void host_id(char id[HOST_ID_LENGTH + 1]);

/*
 * What does not change during a run: CPU, caches, topology, governor, virtual
 * machine, kernel, mitigations, limits, clock source, idle driver, memory.
 * Of the kernel's command line only options that bear on timing: the rest may
 * name disks, addresses or secrets, and results are shared. The topology, which
 * may be NULL, is that of the CPUs that this process may use.
 */
json_t *host_describe(const struct topology *topology);

/* What does: load, steal, frequencies, temperature throttling, pressure. */
json_t *host_state(void);

/* "AMD EPYC, 2 CPUs, KVM" or "..., 1 of 2 CPUs, ...": for captions. */
void host_caption(char *text, size_t size);

#endif
