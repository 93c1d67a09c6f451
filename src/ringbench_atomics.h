/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Atomic operations that mean the same in C11 and in C++11: the compilers'
 * __atomic built-ins on plain objects. <stdatomic.h> and <atomic> cannot share
 * one object between the two languages.
 */
#ifndef RINGBENCH_ATOMICS_H
#define RINGBENCH_ATOMICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes between two objects that different threads write. A cache line has 64
 * bytes, but x86 processors fetch lines in pairs, so writes to one line of a
 * pair can slow down readers of the other line.
 */
#define RINGBENCH_LINE	  128

#define RINGBENCH_ALIGNED __attribute__((aligned(RINGBENCH_LINE)))
/* Tests that only need the code to be right define it without always_inline:
 * then they compile several times faster. */
#ifndef RINGBENCH_INLINE
#define RINGBENCH_INLINE inline __attribute__((always_inline, unused))
#endif
#define RINGBENCH_NOINLINE __attribute__((noinline, unused))
/*
 * For a function of the rare path. The compiler then keeps what the hot path
 * needs in registers, and saves it only where it calls this function.
 */
#define RINGBENCH_RARE __attribute__((noinline, cold, unused))
/* For a function that reads what another thread writes, on purpose. */
#define RINGBENCH_RACES __attribute__((no_sanitize("thread")))

/*
 * gcc alone would assume 90 %, and would then keep values of the hot path in
 * memory to save them across calls of the rare path.
 */
#define RINGBENCH_LIKELY(x)   __builtin_expect_with_probability(!!(x), 1, 0.99)
#define RINGBENCH_UNLIKELY(x) __builtin_expect_with_probability(!!(x), 0, 0.99)

/* Conversions that C++'s -Wold-style-cast accepts as well. */
#ifdef __cplusplus
#define RINGBENCH_CAST(type, value) (static_cast<type>(value))
#define RINGBENCH_ADDRESS(pointer)  (reinterpret_cast<uintptr_t>(pointer))
#define RINGBENCH_ZERO \
	{              \
	}
#else
#define RINGBENCH_CAST(type, value) ((type)(value))
#define RINGBENCH_ADDRESS(pointer)  ((uintptr_t)(pointer))
#define RINGBENCH_ZERO \
	{              \
		0      \
	}
#endif

#define ringbench_load_relaxed(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define ringbench_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define ringbench_load_seq_cst(p) __atomic_load_n((p), __ATOMIC_SEQ_CST)
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
 * Orders every earlier load and store before every later one, also an earlier
 * store before a later load. On x86 each locked instruction does that. clang
 * would choose mfence, which costs ten times as much as gcc's choice.
 */
static RINGBENCH_INLINE void ringbench_fence(void)
{
#if defined(__x86_64__)
	__asm__ __volatile__("lock; orq $0, (%%rsp)" ::: "memory", "cc");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/*
 * Tells the processor that this is a busy loop. On ARM that is isb, since the
 * instruction yield does nothing on most ARM processors.
 */
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
 * A hook for tests. It stands where a thread that stops delays others the most:
 * between the claim of a slot and its release. Tests define it to stop there.
 */
#ifndef RINGBENCH_TEST_DELAY
#define RINGBENCH_TEST_DELAY() RINGBENCH_CAST(void, 0)
#endif

/* Asks for a line that this thread will read soon. Any address is allowed. */
static RINGBENCH_INLINE void ringbench_prefetch_read(const void *address)
{
	__builtin_prefetch(address, 0);
}

/*
 * Asks for a line that this thread will write soon. Any address is allowed.
 * The compilers' built-in is a prefetch for reading unless they compile for one
 * particular processor. x86-64 processors without prefetchw ignore it.
 */
static RINGBENCH_INLINE void ringbench_prefetch_write(const void *address)
{
#if defined(__x86_64__)
	__asm__ __volatile__(
		"prefetchw %0" ::"m"(*RINGBENCH_CAST(const char *, address)));
#else
	__builtin_prefetch(address, 1);
#endif
}

#endif
