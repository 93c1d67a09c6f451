/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Atomic operations that mean the same in C11 and in C++17: the compilers'
 * __atomic built-ins on plain objects. <stdatomic.h> and <atomic> cannot be
 * used on one object from both languages.
 */
#ifndef RINGBENCH_ATOMICS_H
#define RINGBENCH_ATOMICS_H

#include <stdint.h>

/*
 * Distance between lines that different threads write. x86 fetches lines in
 * pairs, so two neighbours can disturb each other though they share no byte.
 */
#define RINGBENCH_LINE		  128

#define RINGBENCH_ALIGNED	  __attribute__((aligned(RINGBENCH_LINE)))
#define RINGBENCH_INLINE	  inline __attribute__((always_inline, unused))

#define RINGBENCH_LIKELY(x)	  __builtin_expect(!!(x), 1)
#define RINGBENCH_UNLIKELY(x)	  __builtin_expect(!!(x), 0)

#define ringbench_load_relaxed(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define ringbench_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ringbench_store_relaxed(p, v) \
	__atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define ringbench_store_release(p, v) \
	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define ringbench_exchange_acq_rel(p, v) \
	__atomic_exchange_n((p), (v), __ATOMIC_ACQ_REL)
#define ringbench_fetch_add_relaxed(p, v) \
	__atomic_fetch_add((p), (v), __ATOMIC_RELAXED)
#define ringbench_fetch_add_release(p, v) \
	__atomic_fetch_add((p), (v), __ATOMIC_RELEASE)

/*
 * Orders every earlier load and store before every later one, StoreLoad
 * included. On x86 any locked instruction does that; clang's own choice,
 * mfence, costs ten times as much as gcc's.
 */
static RINGBENCH_INLINE void ringbench_fence(void)
{
#if defined(__x86_64__)
	__asm__ __volatile__("lock; orq $0, (%%rsp)" ::: "memory", "cc");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/* Tells the processor that this is a busy loop. yield does nothing on ARM. */
static RINGBENCH_INLINE void ringbench_pause(void)
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
#ifndef RINGBENCH_TEST_DELAY
#define RINGBENCH_TEST_DELAY() ((void)0)
#endif

/*
 * Asks for a line that will be read, or written, soon. A hint: any address will
 * do. The compilers' own prefetch for writing is one for reading unless they
 * are told of a processor that has both; x86-64 processors without it ignore
 * it.
 */
static RINGBENCH_INLINE void ringbench_prefetch_read(const void *address)
{
	__builtin_prefetch(address, 0);
}

static RINGBENCH_INLINE void ringbench_prefetch_write(const void *address)
{
#if defined(__x86_64__)
	__asm__ __volatile__("prefetchw %0" ::"m"(*(const char *)address));
#else
	__builtin_prefetch(address, 1);
#endif
}

#endif
