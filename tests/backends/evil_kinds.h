/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kinds of faulty queues. Each line has the name, the operation with the
 * fault, when the fault happens, and its effect.
 *
 * when:  EACH   in one operation of EVIL_EVERY (1,000)
 *        SINCE  in every operation after the first EVIL_FROM (1,000)
 *        ALWAYS in every operation
 *
 * The Makefile reads the names. tests/cli/evil_test.py reads the names, the
 * operations and the times. docs/verification.md lists the check that catches
 * each kind.
 */
/* clang-format off */
EVIL(sound, AT_NOTHING, EACH, "has no fault")
/* messages lost */
EVIL(drops, AT_POP, EACH, "loses a message")
EVIL(drops_run, AT_POP, EACH, "loses 3 messages in a row")
EVIL(forgets, AT_PUSH, EACH, "reports a successful push and drops the message")
EVIL(stack_drops, AT_POP, EACH, "a stack that loses a message")
/* messages repeated */
EVIL(repeats, AT_POP, EACH, "hands out a message twice")
EVIL(repeats_late, AT_POP, EACH, "hands out a message again 50 pops later")
EVIL(doubles, AT_PUSH, EACH, "stores a message twice")
EVIL(denies, AT_PUSH, EACH, "stores a message and reports a full queue")
EVIL(stale, AT_POP, EACH, "hands out the previous message instead of the next")
EVIL(untouched, AT_POP, EACH, "reports a successful pop and does not set the "
			      "word")
EVIL(stack_repeats, AT_POP, EACH, "a stack that hands out a message twice")
/* faults whose effects on the totals cancel */
EVIL(cancels, AT_POP, EACH, "hands out n, n, n for n - 1, n, n + 1")
EVIL(cancels_sum, AT_POP, EACH, "adds 1 to a message and subtracts 1 from "
				"the next")
EVIL(cancels_squares, AT_POP, EACH, "changes 3 messages but keeps their "
				    "number and sum")
EVIL(stack_cancels, AT_POP, EACH, "a stack that hands out n, n, n")
/* order */
EVIL(swaps, AT_POP, EACH, "swaps two neighbours")
EVIL(delays, AT_POP, EACH, "hands out a message 100 pops too late")
EVIL(reverses, AT_POP, EACH, "reverses the next 4 messages")
EVIL(newest, AT_POP, EACH, "hands out the newest message")
EVIL(breaks_producer, AT_POP, EACH, "swaps two messages of one producer")
EVIL(overtakes, AT_POP, EACH, "swaps messages of two producers")
EVIL(crosses, AT_POP, EACH, "hands out a message late, to another consumer")
/* words changed */
EVIL(flips_0, AT_POP, EACH, "flips the lowest bit")
EVIL(flips_20, AT_POP, EACH, "flips bit 20")
EVIL(flips_47, AT_POP, EACH, "flips the highest bit of the number")
EVIL(flips_48, AT_POP, EACH, "flips the lowest bit of the producer")
EVIL(corrupts, AT_POP, EACH, "flips bit 60")
EVIL(flips_63, AT_POP, EACH, "flips the highest bit")
EVIL(flips_push, AT_PUSH, EACH, "flips bit 3 when it stores a message")
EVIL(adds_one, AT_POP, EACH, "adds 1 to a message")
EVIL(cuts, AT_POP, EACH, "clears the upper 32 bits")
EVIL(zeroes, AT_POP, EACH, "hands out 0 for a message")
EVIL(ends, AT_POP, EACH, "hands out the sentinel for a message")
/* words invented */
EVIL(invents, AT_POP, EACH, "hands out a word that no thread sent")
EVIL(invents_end, AT_POP, EACH, "hands out a sentinel that no thread sent")
EVIL(invents_first, AT_POP, EACH, "hands out the first message again")
EVIL(invents_next, AT_POP, EACH, "hands out a message before it was sent")
EVIL(foreign, AT_POP, EACH, "hands out a message of producer 63")
/* the memory that a word points to */
EVIL(stale_payload, AT_POP, EACH, "shows the message as it was one push "
				  "before")
EVIL(torn_payload, AT_POP, EACH, "shows a message with an old part")
/* no progress */
EVIL(stuck_full, AT_PUSH, SINCE, "reports a full queue for ever")
EVIL(stuck_empty, AT_POP, SINCE, "reports an empty queue for ever")
EVIL(stuck_until_closed, AT_POP, SINCE, "reports an empty queue until it is "
					"closed")
EVIL(says_empty, AT_EMPTY, SINCE, "is_empty returns true until the queue is "
				  "closed")
EVIL(says_filled, AT_EMPTY, SINCE, "is_empty says no")
EVIL(false_empty, AT_POP, EACH, "reports an empty queue from time to time")
EVIL(false_full, AT_PUSH, EACH, "reports a full queue from time to time")
EVIL(lost_wake_pop, AT_SIGNAL, SINCE, "wakes no thread that waits to pop")
EVIL(lost_wake_push, AT_SIGNAL, SINCE, "wakes no thread that waits to push")
EVIL(closes_early, AT_WAIT, SINCE, "reports a closed queue although it is "
				   "open")
EVIL(times_out, AT_WAIT, SINCE, "reports that the deadline has passed")
EVIL(wait_lies, AT_WAIT, EACH, "a waiting push reports success without "
			       "pushing")
/* shares */
EVIL(starves_consumer, AT_POP, ALWAYS, "gives one consumer 1 pop in 64")
EVIL(starves_producer, AT_PUSH, ALWAYS, "gives one producer 1 push in 64")
/* batches */
EVIL(pop_more, AT_POP_BULK, EACH, "reports one popped message too many")
EVIL(pop_fewer, AT_POP_BULK, EACH, "reports one popped message too few")
EVIL(push_more, AT_PUSH_BULK, EACH, "reports one pushed message too many")
EVIL(push_fewer, AT_PUSH_BULK, EACH, "reports one pushed message too few")
/* capacity */
EVIL(claims_more, AT_CREATE, ALWAYS, "reports twice its capacity")
EVIL(claims_less, AT_CREATE, ALWAYS, "reports half its capacity")
EVIL(claims_none, AT_CREATE, ALWAYS, "reports a capacity of 0")
EVIL(smaller, AT_CREATE, ALWAYS, "has a quarter of the reported capacity")
EVIL(larger, AT_CREATE, ALWAYS, "has 4 times the reported capacity")
EVIL(refuses, AT_CREATE, ALWAYS, "refuses the capacity")
EVIL(forbids, AT_CREATE, ALWAYS, "reports that the machine's limits forbid it")
EVIL(no_memory, AT_CREATE, ALWAYS, "has no memory")
EVIL(no_queue, AT_CREATE, ALWAYS, "reports success without creating a queue")
/* memory */
EVIL(overruns, AT_PUSH, EACH, "writes beyond the end of its slots")
EVIL(overruns_queue, AT_PUSH, EACH, "writes beyond the end of its struct "
				    "queue")
EVIL(underruns, AT_PUSH, EACH, "writes before the start of its slots")
EVIL(frees_twice, AT_DESTROY, ALWAYS, "frees its slots twice")
EVIL(leaks, AT_PUSH, EACH, "leaks 16 KiB of the heap")
EVIL(leaks_pages, AT_PUSH, EACH, "leaks 16 KiB of mapped memory")
EVIL(leaks_files, AT_PUSH, EACH, "leaks a descriptor")
/* output */
EVIL(says_words, AT_POP, EACH, "prints words on stdout")
EVIL(says_result, AT_POP, EACH, "prints a result on stdout")
EVIL(says_end, AT_POP, EACH, "prints \"end\" on stdout")
EVIL(floods, AT_POP, EACH, "prints 100 kB on stdout")
EVIL(closes_stdout, AT_POP, SINCE, "closes stdout")
/* faults that end or stop the process and its threads */
EVIL(crashes, AT_POP, SINCE, "ends in an invalid instruction")
EVIL(crashes_push, AT_PUSH, SINCE, "push ends in an invalid instruction")
EVIL(crashes_create, AT_CREATE, ALWAYS, "create ends in an invalid instruction")
EVIL(crashes_close, AT_CLOSE, ALWAYS, "close ends in an invalid instruction")
EVIL(crashes_drain, AT_DRAIN, ALWAYS, "drain ends in an invalid instruction")
EVIL(crashes_destroy, AT_DESTROY, ALWAYS, "destroy ends in an invalid instruction")
EVIL(segfaults, AT_POP, SINCE, "writes to an address below 64 kB")
EVIL(aborts, AT_POP, SINCE, "aborts")
EVIL(overflows, AT_POP, SINCE, "overflows the stack")
EVIL(exits, AT_POP, SINCE, "exits with code 0")
EVIL(exits_push, AT_PUSH, SINCE, "push exits with code 3")
EVIL(exits_drain, AT_DRAIN, ALWAYS, "drain exits with code 0")
EVIL(leaves, AT_POP, SINCE, "ends the thread")
EVIL(kills, AT_POP, SINCE, "kills the process")
EVIL(forks, AT_POP, EACH, "leaves a child process behind")
EVIL(hangs, AT_POP, SINCE, "pop sleeps for ever")
EVIL(hangs_push, AT_PUSH, SINCE, "push sleeps for ever")
EVIL(spins, AT_POP, SINCE, "pop runs for ever")
EVIL(hangs_create, AT_CREATE, ALWAYS, "create sleeps for ever")
EVIL(hangs_close, AT_CLOSE, ALWAYS, "close sleeps for ever")
EVIL(hangs_drain, AT_DRAIN, ALWAYS, "drain sleeps for ever")
EVIL(hangs_destroy, AT_DESTROY, ALWAYS, "destroy sleeps for ever")
EVIL(ignores_close, AT_CLOSE, ALWAYS, "close wakes nobody")
EVIL(stops, AT_POP, SINCE, "stops the process")
/* the drain */
EVIL(drain_drops, AT_DRAIN, ALWAYS, "loses the messages that are left in the "
				    "queue")
EVIL(drain_invents, AT_DRAIN, ALWAYS, "drains a word that no thread sent")
EVIL(drain_endless, AT_DRAIN, ALWAYS, "drains the same message for ever")
/* clang-format on */
