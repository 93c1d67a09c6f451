/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The website's own process. It serves pages on loopback and owns the folder
 * that they are saved in, because it is the one that is sure to be there at
 * the end: it lives until its standard input is closed, which the kernel does
 * however the process at the other end goes, and then removes the folder.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdint.h>

#include "fault.h"

/*
 * Serves pages, each after its service time; page 0 without any. Writes
 * "serving PORT FOLDER" to standard output when it is ready. Returns when
 * standard input ends: 0, or -1 with the fault set.
 */
int server_run(int64_t service_ns, struct fault *fault);

#endif
