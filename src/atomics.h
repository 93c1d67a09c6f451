/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Atomic operations that mean the same in C11 and in C++17: the compilers'
 * __atomic built-ins on plain objects. <stdatomic.h> and <atomic> cannot be
 * used on one object from both languages.
 */
#ifndef ATOMICS_H
#define ATOMICS_H

#include <stdint.h>

/*
 * Distance between lines that different threads write. x86 fetches lines in
 * pairs, so two neighbours can disturb each other though they share no byte.
 */
#define LINE_BYTES		128

#define LINE_ALIGNED		__attribute__((aligned(LINE_BYTES)))
#define ALWAYS_INLINE		inline __attribute__((always_inline, unused))

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#define load_relaxed(p)		__atomic_load_n((p), __ATOMIC_RELAXED)
#define load_acquire(p)		__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define store_relaxed(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define exchange_acq_rel(p, v)	__atomic_exchange_n((p), (v), __ATOMIC_ACQ_REL)
#define fetch_add_relaxed(p, v) __atomic_fetch_add((p), (v), __ATOMIC_RELAXED)
#define fetch_add_release(p, v) __atomic_fetch_add((p), (v), __ATOMIC_RELEASE)

/*
 * Orders every earlier load and store before every later one, StoreLoad
 * included. On x86 any locked instruction does that; clang's own choice,
 * mfence, costs ten times as much as gcc's.
 */
static ALWAYS_INLINE void fence_seq_cst(void)
{
#if defined(__x86_64__)
	__asm__ __volatile__("lock; orq $0, (%%rsp)" ::: "memory", "cc");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/* Tells the processor that this is a busy loop. yield does nothing on ARM. */
static ALWAYS_INLINE void cpu_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("isb" ::: "memory");
#else
	__asm__ __volatile__("" ::: "memory");
#endif
}

/*
 * Stands where a thread that loses its time is most in the way of others:
 * between a claim and what makes it good. Tests define it to lose time there.
 */
#ifndef LOSE_TIME
#define LOSE_TIME() ((void)0)
#endif

/*
 * Asks for a line that will be read, or written, soon. A hint: any address will
 * do. The compilers' own prefetch for writing is one for reading unless they
 * are told of a processor that has both; x86-64 processors without it ignore
 * it.
 */
static ALWAYS_INLINE void prefetch_read(const void *address)
{
	__builtin_prefetch(address, 0);
}

static ALWAYS_INLINE void prefetch_write(const void *address)
{
#if defined(__x86_64__)
	__asm__ __volatile__("prefetchw %0" ::"m"(*(const char *)address));
#else
	__builtin_prefetch(address, 1);
#endif
}

#endif
