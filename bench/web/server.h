/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process of the web server. It serves pages on loopback and owns the
 * folder of the saved pages. It runs until its standard input is closed and
 * then removes the folder. The kernel closes the input when the measuring
 * process ends, also after a crash, so the folder is always removed.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdint.h>

#include "fault.h"

/*
 * Serves each page after its service time, and page 0 at once. Writes "serving
 * PORT FOLDER" to standard output when it is ready. Returns when standard input
 * is closed: 0, or -1 with the fault set.
 */
int server_run(int64_t service_ns, struct fault *fault);

#endif
