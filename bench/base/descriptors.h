/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files that a process passes to a child process, as numbers of
 * descriptors. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

/*
 * The descriptor whose number is in this environment variable, or -1. Removes
 * the variable, and programs that this process starts do not inherit the file.
 */
int descriptor_given(const char *variable);

#endif
