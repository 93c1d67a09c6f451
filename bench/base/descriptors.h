/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files that a process hands to another one, by number. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

/*
 * The descriptor whose number is in this environment variable, or -1. The
 * variable goes, and programs that this one starts do not get the file.
 */
int descriptor_given(const char *variable);

#endif
