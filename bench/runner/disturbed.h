/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether an observation was disturbed from outside, so that it is measured
 * again. The decision does not depend on the measured result.
 */
#ifndef DISTURBED_H
#define DISTURBED_H

#include <stdbool.h>

#include "record.h"

/* The observation is disturbed if denied_ns is more than this share of the
 * window. */
#define DISTURBED_SHARE 0.02

/* Whether denied_ns exceeds its limit, the core distance changed
 * (distance_differs()), or the flag `overrun` is set. */
bool is_disturbed(const struct record *result);

#endif
