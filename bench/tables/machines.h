/* SPDX-License-Identifier: BSD-2-Clause */
/* The machines of a merged run side by side. */
#ifndef MACHINES_H
#define MACHINES_H

#include "hosts.h"
#include "output.h"

/*
 * Prints a table of the hosts with their machine and core distances, and a
 * table of the loads of each scenario with the bound and the best queue on each
 * host. The tables describe; hosts are in the order of the run and are not
 * ranked.
 */
void machines_print(const struct host_runs *all, struct output *output);

#endif
