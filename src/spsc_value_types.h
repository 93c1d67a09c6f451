/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of spsc_value_ring.h for messages of one type.
 *
 *	SPSC_VALUE_RING_TYPE(orders, struct order);
 *
 *	orders_push(&producer, &order);
 *	orders_pop(&consumer, &order);
 */
#ifndef SPSC_VALUE_TYPES_H
#define SPSC_VALUE_TYPES_H

#include "spsc_value_ring.h"

/*
 * Makes the functions for one type: name_push(), name_pop(), name_reserve(),
 * name_peek() and so on. A pointer to another type does not compile. In C++ the
 * type must be trivially copyable.
 */
#define SPSC_VALUE_RING_TYPE(name, type)                                       \
	static RINGBENCH_INLINE bool name##_push(                              \
		struct spsc_value_producer *p, const type *message)            \
	{                                                                      \
		return spsc_value_push(p, message, sizeof(type));              \
	}                                                                      \
	static RINGBENCH_INLINE size_t name##_push_bulk(                       \
		struct spsc_value_producer *p, const type *messages,           \
		size_t count)                                                  \
	{                                                                      \
		return spsc_value_push_bulk(p, messages, count, sizeof(type)); \
	}                                                                      \
	static RINGBENCH_INLINE size_t name##_reserve(                         \
		struct spsc_value_producer *p, size_t count, type **messages)  \
	{                                                                      \
		void *places = NULL;                                           \
		size_t n = spsc_value_reserve(p, count, &places,               \
					      sizeof(type));                   \
		*messages = RINGBENCH_CAST(type *, places);                    \
		return n;                                                      \
	}                                                                      \
	static RINGBENCH_INLINE void name##_commit(                            \
		struct spsc_value_producer *p, size_t count)                   \
	{                                                                      \
		spsc_value_commit(p, count, sizeof(type));                     \
	}                                                                      \
	static RINGBENCH_INLINE bool name##_pop(struct spsc_value_consumer *c, \
						type *message)                 \
	{                                                                      \
		return spsc_value_pop(c, message, sizeof(type));               \
	}                                                                      \
	static RINGBENCH_INLINE size_t name##_pop_bulk(                        \
		struct spsc_value_consumer *c, type *messages, size_t count)   \
	{                                                                      \
		return spsc_value_pop_bulk(c, messages, count, sizeof(type));  \
	}                                                                      \
	static RINGBENCH_INLINE size_t name##_peek(                            \
		struct spsc_value_consumer *c, const type **messages)          \
	{                                                                      \
		const void *places = NULL;                                     \
		size_t n = spsc_value_peek(c, &places, sizeof(type));          \
		*messages = RINGBENCH_CAST(const type *, places);              \
		return n;                                                      \
	}                                                                      \
	static RINGBENCH_INLINE void name##_release(                           \
		struct spsc_value_consumer *c, size_t count)                   \
	{                                                                      \
		spsc_value_release(c, count, sizeof(type));                    \
	}                                                                      \
	typedef char                                                           \
		name##_type_is_copyable[RINGBENCH_COPYABLE(type) ? 1 : -1]     \
		__attribute__((unused))

#ifdef __cplusplus
#define RINGBENCH_COPYABLE(type) __is_trivially_copyable(type)
#else
#define RINGBENCH_COPYABLE(type) 1
#endif

#endif
