/* SPDX-License-Identifier: BSD-2-Clause */
/* The version of the headers in this folder. The Makefile reads the version for
 * the .pc file. */
#ifndef RINGBENCH_VERSION_H
#define RINGBENCH_VERSION_H

#define RINGBENCH_VERSION "1.0.0"

#endif
