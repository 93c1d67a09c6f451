/* SPDX-License-Identifier: BSD-2-Clause */
/* The version of these headers. The Makefile reads it for the .pc file. */
#ifndef RINGBENCH_VERSION_H
#define RINGBENCH_VERSION_H

#define RINGBENCH_VERSION "1.0.0"

#endif
