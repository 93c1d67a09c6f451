/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The work of `stream` with the backend null, written by hand: one thread makes
 * numbers, another thread checks that each number is the previous number plus 1
 * and adds them up. Both threads read a stop flag once in 64 numbers. The
 * harness cost must not be higher than the cost of this program. Usage:
 * hand_written MESSAGES; prints nanoseconds per message.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t wanted;
static volatile uint32_t stop __attribute__((aligned(128)));
static pthread_barrier_t barrier;

/* The counters that the watchdog reads, one cache line for each thread; and
 * whether the threads read the stop flag after each message because they share
 * CPUs. */
static volatile uint64_t shown[2][16];
static volatile int crowded;

static void sit_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *produce(void *arg)
{
	uint64_t word = 1, end = wanted + 1;

	(void)arg;
	sit_on(0);
	pthread_barrier_wait(&barrier);
	while (word < end && !stop) {
		int stride = crowded ? 1 : 64;

		shown[0][0] = word;
		for (int i = 0; i < stride; i++) {
			__asm__ __volatile__("" ::"r"(word));
			word++;
		}
	}
	return NULL;
}

static void *consume(void *arg)
{
	uint64_t expected = 1, next = 0, sum = 0, done = 0;
	struct timespec from, to;

	(void)arg;
	sit_on(1);
	pthread_barrier_wait(&barrier);
	clock_gettime(CLOCK_MONOTONIC, &from);
	while (done < wanted && !stop) {
		int stride = crowded ? 1 : 64;

		shown[1][0] = done;
		for (int i = 0; i < stride; i++) {
			next++;
			__asm__ __volatile__("" : "+r"(next));
			sum += next;
			if (__builtin_expect(next != expected, 0))
				__builtin_trap();
			expected = next + 1;
		}
		done += (uint64_t)stride;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.4f ns a message, sum %llu\n",
	       (double)((to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec -
			from.tv_nsec) /
		       (double)done,
	       (unsigned long long)sum);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	wanted = argc > 1 ? strtoull(argv[1], NULL, 10) / 64 * 64 : 64000000;
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&threads[0], NULL, produce, NULL);
	pthread_create(&threads[1], NULL, consume, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
