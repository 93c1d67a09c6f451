/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall(2) under a name of our own, since <unistd.h> hides it from programs
 * that are compiled with -std=c11.
 */
#ifndef RINGBENCH_SYSCALL_H
#define RINGBENCH_SYSCALL_H

#include <sys/syscall.h>

#ifdef __cplusplus
extern "C" {
#endif
long ringbench_syscall(long number, ...) __asm__("syscall");
#ifdef __cplusplus
}
#endif

#endif
