/* SPDX-License-Identifier: BSD-2-Clause */
/* The chapters of the host's description that have a file of their own. */
#ifndef HOST_PARTS_H
#define HOST_PARTS_H

#include <stddef.h>

#include <jansson.h>

#include "topology.h"

/* "AMD EPYC", as the kernel prints it; "unknown processor" where it does not.
 */
void host_cpu_model(char *model, size_t size);

/* Online CPUs, whatever this process may use of them. */
int host_cpus_online(void);

/* Of those, how many this process may use. */
int host_cpus_allowed(void);

/* "KVM", or an empty text outside of virtual machines. */
void host_hypervisor(char *name, size_t size);

/* Adds the section "cpu". */
void host_put_cpu(json_t *into);

/* Adds "kernel", "kernel_options" and "kernel_config". */
void host_put_kernel(json_t *into);

/* Packages, cores, caches, NUMA nodes. */
json_t *host_topology(const struct topology *topology);

/* CPU quota and cpuset of the control group, version 1 or 2. */
json_t *host_cgroup(void);

/* How often and how long the quota has stopped this control group. */
json_t *host_cgroup_throttled(void);

#endif
