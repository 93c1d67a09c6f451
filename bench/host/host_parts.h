/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of host_describe() and host_state(). Each part is in its own source
 * file. */
#ifndef HOST_PARTS_H
#define HOST_PARTS_H

#include <stddef.h>

#include <jansson.h>

#include "topology.h"

/* The name of the CPU model from the kernel, such as "AMD EPYC"; "unknown
 * processor" if the kernel does not provide it. */
void host_cpu_model(char *model, size_t size);

/* Number of online CPUs, including CPUs that this process may not use. */
int host_cpus_online(void);

/* Number of online CPUs that this process may use. */
int host_cpus_allowed(void);

/* Name of the hypervisor, such as "KVM"; an empty text if there is none. */
void host_hypervisor(char *name, size_t size);

/* Adds the section "cpu". */
void host_put_cpu(json_t *into);

/* Adds "kernel", "kernel_options" and "kernel_config". */
void host_put_kernel(json_t *into);

/* Packages, cores, caches, NUMA nodes. */
json_t *host_topology(const struct topology *topology);

/* CPU quota and cpuset of the control group, version 1 or 2. */
json_t *host_cgroup(void);

/* Number and total length of the periods in which the quota stopped this
 * control group. */
json_t *host_cgroup_throttled(void);

#endif
